import { z } from 'zod'
import {
  AgentDetail,
  Agents,
  PermissionAnswered,
  Health,
  InterruptAnswer,
  TaskAnswer,
  KillAnswer,
  Launched,
  PermissionLog,
  Permissions,
  PoolList,
  PoolResetAnswer,
  PruneAnswer,
  ReleaseAnswer,
  MessageAnswer,
  StopAnswer,
  WaitAnswer,
  WarmUpAnswer,
} from './answers.js'
import {
  AnswerBody,
  InvokeBody,
  LaunchBody,
  MessageBody,
  PoolBody,
  PruneBody,
  RoutesBody,
  StopBody,
  WaitBody,
  WarmupBody,
} from './bodies.js'
import { plainEndpoint, type Endpoint } from './endpoint.js'
import { fleetApi } from './fleet-api.js'
import { mailApi } from './mail-api.js'

const get = { ...plainEndpoint, method: 'GET' } as const
const post = { ...plainEndpoint, method: 'POST' } as const
const params = z.strictObject({ id: z.string() })
const definition = z.strictObject({ agent: z.string().describe('a definition') })

/** The endpoints of the daemon's HTTP API, by name. */
export const api = {
  health: { ...get, path: '/v1/health', summary: 'How the daemon is', answer: Health },
  listAgents: {
    ...get,
    path: '/v1/agents',
    summary: 'Agents, the oldest launch first',
    query: z.strictObject({ project: z.string().describe('a folder: only its agents').exactOptional() }),
    answer: Agents,
  },
  getAgent: {
    ...get,
    path: '/v1/agents/{id}',
    summary: 'One agent, with what it was asked and what it said last',
    params,
    answer: AgentDetail,
  },
  launchAgent: {
    ...post,
    path: '/v1/agents',
    summary: 'Launch an agent; answers before its process is up',
    body: LaunchBody,
    answer: Launched,
  },
  sendMessage: {
    ...post,
    path: '/v1/agents/{id}/messages',
    summary: 'Send a message; a closed agent is resumed in the environment of the sender',
    params,
    body: MessageBody,
    answer: MessageAnswer,
  },
  answerPermission: {
    ...post,
    path: '/v1/agents/{id}/answers',
    summary: 'Answer a question for permission',
    params,
    body: AnswerBody,
    answer: PermissionAnswered,
  },
  listPermissions: {
    ...get,
    path: '/v1/permissions',
    summary: 'What all agents ask, the oldest question first',
    answer: Permissions,
  },
  permissionLog: {
    ...get,
    path: '/v1/permissions/log',
    summary: 'The newest questions and answers of the audit log, oldest first',
    query: z.strictObject({
      agent: z.string().describe('only those of this agent').exactOptional(),
      limit: z.coerce.number().int().min(1).max(1_000).describe('default: 100').exactOptional(),
    }),
    answer: PermissionLog,
  },
  interruptAgent: {
    ...post,
    path: '/v1/agents/{id}/interrupt',
    summary: 'End the running turn; the session goes on',
    params,
    answer: InterruptAnswer,
  },
  releaseAgent: {
    ...post,
    path: '/v1/agents/{id}/release',
    summary: 'Close the session, so that the CLI itself can go on with it',
    params,
    answer: ReleaseAnswer,
  },
  killAgent: {
    ...plainEndpoint,
    method: 'DELETE',
    path: '/v1/agents/{id}',
    summary: 'End the agent; answers when no process of it is left',
    params,
    answer: KillAnswer,
  },
  waitForAgents: {
    ...post,
    path: '/v1/waits',
    summary: 'Wait until agents no longer run, or one asks for permission; takes no report from anybody',
    body: WaitBody,
    answer: WaitAnswer,
  },
  pruneAgents: {
    ...post,
    path: '/v1/prune',
    summary: 'Forget agents that have ended',
    body: PruneBody,
    answer: PruneAnswer,
  },
  invoke: {
    ...post,
    path: '/v1/tasks',
    summary: 'Have a warm agent do a task; answers when it is done, or asks. To hang up leaves it running',
    body: InvokeBody,
    answer: TaskAnswer,
  },
  listPool: {
    ...post,
    path: '/v1/pool',
    summary: 'The agents that are defined where it is asked, with their warm processes',
    body: PoolBody,
    answer: PoolList,
  },
  warmUp: {
    ...post,
    path: '/v1/pool/{agent}/warmup',
    summary: 'Start a process of an agent before the first task; answers when it waits for one',
    params: definition,
    body: WarmupBody,
    answer: WarmUpAnswer,
  },
  resetPool: {
    ...post,
    path: '/v1/pool/{agent}/reset',
    summary: 'End all processes of an agent, and the tasks that they work on',
    params: definition,
    body: PoolBody,
    answer: PoolResetAnswer,
  },
  events: {
    ...get,
    path: '/v1/events',
    summary: 'Facts as they happen; with Last-Event-ID or `after` those since then first',
    produces: 'text/event-stream',
    query: z.strictObject({
      agent: z.string().describe('only facts about this agent').exactOptional(),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .describe('the number of the last fact that is known')
        .exactOptional(),
      follow: z.enum(['true', 'false']).describe('false: end where the journal ends').exactOptional(),
    }),
    answer: z.string(),
  },
  routes: {
    ...post,
    path: '/v1/routes',
    summary: 'Whom a task would go to, and why',
    body: RoutesBody,
    answer: z.unknown(),
  },
  metrics: {
    ...get,
    path: '/v1/metrics',
    summary: 'Figures for Prometheus',
    produces: 'text/plain; version=0.0.4; charset=utf-8',
    answer: z.string(),
  },
  openapi: { ...get, path: '/v1/openapi.json', summary: 'This description', answer: z.unknown() },
  stop: {
    ...post,
    path: '/v1/stop',
    summary: 'End the daemon in order; answers before it has',
    status: 202,
    body: StopBody,
    answer: StopAnswer,
  },
  ...mailApi,
  ...fleetApi,
} as const satisfies Record<string, Endpoint>
