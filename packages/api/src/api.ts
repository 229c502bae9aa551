import { z } from 'zod'
import {
  AgentDetail,
  AgentListAnswer,
  PermissionAnswerResult,
  DaemonHealth,
  InterruptAnswer,
  TaskResultAnswer,
  KillAnswer,
  LaunchAnswer,
  PermissionLog,
  OpenPermissionRequests,
  PooledAgentList,
  PoolResetAnswer,
  DeleteAgentsAnswer,
  ReleaseAgentAnswer,
  SendMessageAnswer,
  StopDaemonAnswer,
  WaitForAgentsAnswer,
  UnreadReportsAnswer,
  WarmUpAnswer,
} from './endpoint-answers.js'
import {
  AnswerPermissionBody,
  InvokeBody,
  LaunchBody,
  SendMessageBody,
  PoolBody,
  DeleteAgentsBody,
  RoutesBody,
  StopDaemonBody,
  WaitForAgentsBody,
  WarmupBody,
} from './request-bodies.js'
import { ChangeActionAnswer, AgentChanges, ChangeActionBody, WorktreeList } from './changes-schema.js'
import { httpDeleteDefaults, httpGetDefaults, httpPostDefaults, type Endpoint } from './endpoint.js'
import { workerEndpoints } from './workers/worker-endpoints.js'
import { mailEndpoints } from './mail/mail-endpoints.js'
import { dashboardPageEndpoints } from './page/dashboard-page-endpoints.js'
import { RecapQuery, RecapReport } from './reports/recap-schema.js'
import { SearchQuery, SearchReport } from './reports/search-schema.js'
import { TokenUsageQuery, TokenUsageReport } from './reports/usage-schema.js'

const params = z.strictObject({ id: z.string().describe('its id or name') })
const definition = z.strictObject({ agent: z.string().describe('a definition') })

/** The endpoints of the daemon's HTTP API, by name. */
export const daemonApi = {
  health: {
    ...httpGetDefaults,
    path: '/v1/health',
    summary: 'The state of the daemon',
    answer: DaemonHealth,
  },
  listAgents: {
    ...httpGetDefaults,
    path: '/v1/agents',
    summary: 'Agents, the oldest launch first',
    query: z.strictObject({ project: z.string().describe('a folder: only its agents').exactOptional() }),
    answer: AgentListAnswer,
  },
  getAgent: {
    ...httpGetDefaults,
    path: '/v1/agents/{id}',
    summary: 'One agent, with its first prompt and its newest text',
    params,
    answer: AgentDetail,
  },
  launchAgent: {
    ...httpPostDefaults,
    path: '/v1/agents',
    summary: 'Launch an agent; answers before its process is up',
    body: LaunchBody,
    answer: LaunchAnswer,
  },
  sendMessage: {
    ...httpPostDefaults,
    path: '/v1/agents/{id}/messages',
    summary: 'Send a message; a closed agent is resumed in the environment of the sender',
    params,
    body: SendMessageBody,
    answer: SendMessageAnswer,
  },
  answerPermission: {
    ...httpPostDefaults,
    path: '/v1/agents/{id}/answers',
    summary: 'Answer a permission request',
    params,
    body: AnswerPermissionBody,
    answer: PermissionAnswerResult,
  },
  listPermissions: {
    ...httpGetDefaults,
    path: '/v1/permissions',
    summary: 'The open permission requests of all agents, the oldest first',
    answer: OpenPermissionRequests,
  },
  permissionLog: {
    ...httpGetDefaults,
    path: '/v1/permissions/log',
    summary: 'The newest permission requests and answers of the audit log, oldest first',
    query: z.strictObject({
      agent: z.string().describe('only those of this agent').exactOptional(),
      limit: z.coerce.number().int().min(1).max(1_000).describe('default: 100').exactOptional(),
    }),
    answer: PermissionLog,
  },
  interruptAgent: {
    ...httpPostDefaults,
    path: '/v1/agents/{id}/interrupt',
    summary: 'End the running turn; the session continues',
    params,
    answer: InterruptAnswer,
  },
  releaseAgent: {
    ...httpPostDefaults,
    path: '/v1/agents/{id}/release',
    summary: 'Close the session, so that the CLI itself can continue it',
    params,
    answer: ReleaseAgentAnswer,
  },
  killAgent: {
    ...httpDeleteDefaults,
    path: '/v1/agents/{id}',
    summary: 'End the agent; answers when no process of it is left',
    params,
    answer: KillAnswer,
  },
  getChanges: {
    ...httpGetDefaults,
    path: '/v1/agents/{id}/changes',
    summary: 'What an agent has changed: in its worktree what was not applied yet, in a checkout all',
    params,
    answer: AgentChanges,
  },
  actOnChanges: {
    ...httpPostDefaults,
    path: '/v1/agents/{id}/changes',
    summary:
      'Apply the changes of an agent to the checkout, discard them, make a branch of them, undo them, or check them again',
    params,
    body: ChangeActionBody,
    answer: ChangeActionAnswer,
  },
  listWorktrees: {
    ...httpGetDefaults,
    path: '/v1/worktrees',
    summary: 'The worktrees of agents on disk, the oldest first',
    answer: WorktreeList,
  },
  waitForAgents: {
    ...httpPostDefaults,
    path: '/v1/waits',
    summary: 'Wait until agents no longer run, or one asks for permission; other waits still get the reports',
    body: WaitForAgentsBody,
    answer: WaitForAgentsAnswer,
  },
  nextWake: {
    ...httpGetDefaults,
    path: '/v1/wakes',
    summary:
      'Wait until a host session has unread reports of its agents; a newer request of the session ends it',
    query: z.strictObject({
      process: z.coerce.number().int().min(1).describe('the id of the host process'),
      project: z.string().describe('the root folder of the session'),
      known: z.string().describe('keys of reports that the session knows of, with commas').exactOptional(),
    }),
    answer: UnreadReportsAnswer,
  },
  pruneAgents: {
    ...httpPostDefaults,
    path: '/v1/prune',
    summary: 'Delete agents that have ended',
    body: DeleteAgentsBody,
    answer: DeleteAgentsAnswer,
  },
  invoke: {
    ...httpPostDefaults,
    path: '/v1/tasks',
    summary:
      'Run a task of a defined agent; answers when it ends or asks. Closing the request leaves it running',
    body: InvokeBody,
    answer: TaskResultAnswer,
  },
  listPool: {
    ...httpPostDefaults,
    path: '/v1/pool',
    summary: 'The defined agents of a folder, with their warm processes',
    body: PoolBody,
    answer: PooledAgentList,
  },
  warmUp: {
    ...httpPostDefaults,
    path: '/v1/pool/{agent}/warmup',
    summary: 'Start a process of a defined agent before its first task; answers when it is warm',
    params: definition,
    body: WarmupBody,
    answer: WarmUpAnswer,
  },
  resetPool: {
    ...httpPostDefaults,
    path: '/v1/pool/{agent}/reset',
    summary: 'End all processes of a defined agent, with their running tasks',
    params: definition,
    body: PoolBody,
    answer: PoolResetAnswer,
  },
  usage: {
    ...httpGetDefaults,
    path: '/v1/usage',
    summary: 'What agents have used, of deleted ones too; account limits and budgets of the day',
    query: TokenUsageQuery,
    answer: TokenUsageReport,
  },
  recap: {
    ...httpGetDefaults,
    path: '/v1/recap',
    summary: 'What agents did since a time, and what waits for the user',
    query: RecapQuery,
    answer: RecapReport,
  },
  search: {
    ...httpGetDefaults,
    path: '/v1/search',
    summary: 'Search prompts, answers, tool calls and messages by words',
    query: SearchQuery,
    answer: SearchReport,
  },
  events: {
    ...httpGetDefaults,
    path: '/v1/events',
    summary: 'Facts as they happen; with Last-Event-ID or `after` first those since then',
    produces: 'text/event-stream',
    query: z.strictObject({
      agent: z.string().describe('only facts about this agent').exactOptional(),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .describe('the number of the last fact that the client has')
        .exactOptional(),
      follow: z.enum(['true', 'false']).describe('false: end with the last stored fact').exactOptional(),
    }),
    answer: z.string(),
  },
  routes: {
    ...httpPostDefaults,
    path: '/v1/routes',
    summary: 'The candidates for a task, and why',
    body: RoutesBody,
    answer: z.unknown(),
  },
  metrics: {
    ...httpGetDefaults,
    path: '/v1/metrics',
    summary: 'Metrics for Prometheus',
    produces: 'text/plain; version=0.0.4; charset=utf-8',
    answer: z.string(),
  },
  openapi: {
    ...httpGetDefaults,
    path: '/v1/openapi.json',
    summary: 'The OpenAPI document',
    answer: z.unknown(),
  },
  stop: {
    ...httpPostDefaults,
    path: '/v1/stop',
    summary: 'Stop the daemon; answers before it has ended',
    status: 202,
    body: StopDaemonBody,
    answer: StopDaemonAnswer,
  },
  ...mailEndpoints,
  ...workerEndpoints,
  ...dashboardPageEndpoints,
} as const satisfies Record<string, Endpoint>
