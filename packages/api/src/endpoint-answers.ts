import { z } from 'zod'
import { AgentSummarySchema, FailureSchema } from './agent-schema.js'
import { turnCheckResultShape } from './checks/check-schema.js'
import { readonlyListSchema, looseObjectSchema } from './response-schemas.js'
import { MailboxHealthSchema } from './mail/mail-schema.js'
import { PendingPermissionRequest, PermissionAuditRecordSchema } from './permission-schema.js'
import { PooledAgentSchema, PooledProcessSchema } from './pool-schema.js'

/** The state of the daemon. The request for it does not count as a connection. */
export const DaemonHealth = z.looseObject({
  version: z.string(),
  pid: z.number(),
  startedAt: z.number().describe('Unix milliseconds'),
  uptimeSeconds: z.number(),
  agents: z.looseObject({ running: z.number(), alive: z.number(), total: z.number() }),
  queue: z.number().describe('queued agents'),
  draining: z.boolean().describe('whether it starts no more turns, because it will stop'),
  connections: z.number(),
  hosts: z.number().describe('connected hosts'),
  workers: z.number().describe('connected workers').exactOptional(),
  journal: z.looseObject({ path: z.string(), bytes: z.number() }),
  mailbox: MailboxHealthSchema.exactOptional(),
  configProblem: z.string().describe('why some settings are ignored').exactOptional(),
})
export type DaemonHealth = z.infer<typeof DaemonHealth>

const agent = AgentSummarySchema

/** The answer to `GET /v1/agents`: the agents, the oldest launch first. */
export const AgentListAnswer = z.looseObject({ agents: z.array(agent) })

/** An agent with its texts: its first prompt, and what it said in its running turn, else in its last. */
export const AgentDetail = z.looseObject({
  agent,
  prompt: z.string().exactOptional(),
  said: z.string(),
  checks: readonlyListSchema(
    looseObjectSchema({ turn: z.number().describe('its number, from 1'), ...turnCheckResultShape }),
  )
    .describe('what was found when the results of its turns were checked, the oldest first')
    .exactOptional(),
})
export type AgentDetail = z.infer<typeof AgentDetail>

const position = z.number().describe('the place in the queue, from 1').exactOptional()
const lack = z.string().describe('why the machine has no room yet').exactOptional()
const headroom = z
  .string()
  .describe("the share of the provider's account limits that is left, as 45 % of seven_day")
  .exactOptional()

/** The answer to a launch. `repeated`: an earlier launch request with the same request id launched the agent. */
export const LaunchAnswer = z.looseObject({ agent, repeated: z.boolean(), position, lack, headroom })
export type LaunchAnswer = z.infer<typeof LaunchAnswer>

/** The answer to `POST /v1/tasks`, when the task has ended or asks for permission. A task that asks continues when its question is answered. */
export const TaskResultAnswer = z.looseObject({
  agent,
  state: z.enum(['asks', 'finished', 'errored', 'interrupted', 'stopped']),
  answer: z.string().describe('the text, once the task has ended').exactOptional(),
  failure: FailureSchema.exactOptional(),
})
export type TaskResultAnswer = z.infer<typeof TaskResultAnswer>

/** The definitions of agents that apply in the caller's folder, by name. */
export const PooledAgentList = z.looseObject({ agents: readonlyListSchema(PooledAgentSchema) })
export type PooledAgentList = z.infer<typeof PooledAgentList>

/** The answer to a warm-up: the pooled process that is ready for a task. */
export const WarmUpAnswer = z.looseObject({ process: PooledProcessSchema })
export type WarmUpAnswer = z.infer<typeof WarmUpAnswer>

/** The answer to a pool reset: how many processes were ended, together with the tasks in them. */
export const PoolResetAnswer = z.looseObject({ ended: z.number() })
export type PoolResetAnswer = z.infer<typeof PoolResetAnswer>

/** The answer to a message to an agent. `position` is the place in the agent's queue or, if there is a `lack`, in the machine's queue. */
export const SendMessageAnswer = z.looseObject({
  outcome: z.enum(['started', 'steered', 'queued', 'resumed']),
  position,
  lack,
  agent,
})
export type SendMessageAnswer = z.infer<typeof SendMessageAnswer>

/** The answer to a permission decision: the agent, and the tool call that was decided. */
export const PermissionAnswerResult = z.looseObject({
  agent,
  answered: z.looseObject({ requestId: z.string(), tool: z.string() }),
})
export type PermissionAnswerResult = z.infer<typeof PermissionAnswerResult>

/** Open permission requests of all agents, the oldest first. */
export const OpenPermissionRequests = z.looseObject({ permissions: z.array(PendingPermissionRequest) })

/** The newest lines of the audit log, oldest first. */
export const PermissionLog = z.looseObject({ records: z.array(PermissionAuditRecordSchema) })

/** The answer to an interrupt: `interrupted` is false if no turn ran. */
export const InterruptAnswer = z.looseObject({ agent, interrupted: z.boolean() })
export type InterruptAnswer = z.infer<typeof InterruptAnswer>

/** The answer to a release: the ended agent; `command` continues its session in the CLI itself, if the CLI can. */
export const ReleaseAgentAnswer = z.looseObject({ agent, command: z.array(z.string()).exactOptional() })
export type ReleaseAgentAnswer = z.infer<typeof ReleaseAgentAnswer>

/** The answer to a kill: the agent, none of whose processes is left. */
export const KillAnswer = z.looseObject({ agent })
export type KillAnswer = z.infer<typeof KillAnswer>

/** The answer to `POST /v1/waits`: the agents when the wait ended. */
export const WaitForAgentsAnswer = z.looseObject({
  timedOut: z.boolean(),
  agents: z.array(agent),
  answers: z
    .record(z.string(), z.string())
    .describe(
      'what has been said in the newest turn, by id: with `answers` by all, else by tasks that nobody else waits for; these are forgotten with this answer',
    ),
  unreadable: z
    .record(z.string(), z.string())
    .describe('why the journal cannot read what they said, by id: such a task is not forgotten')
    .exactOptional(),
})
export type WaitForAgentsAnswer = z.infer<typeof WaitForAgentsAnswer>

/**
 * The answer to `GET /v1/wakes`: `unread` has a key for each newest report that the session has not received, and nothing of
 * what the agents said; `over` means that no agent can report to the session any more; `replaced`, that a newer request of the
 * session gets its reports.
 */
export const UnreadReportsAnswer = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('unread'),
    finished: z.array(z.string()).readonly(),
    asking: z.array(z.string()).readonly(),
  }),
  z.looseObject({ type: z.enum(['over', 'replaced']) }),
])
export type UnreadReportsAnswer = z.infer<typeof UnreadReportsAnswer>

/** The answer to `POST /v1/prune`: the ids of the deleted agents. */
export const DeleteAgentsAnswer = z.looseObject({ removed: z.array(z.string()) })
export type DeleteAgentsAnswer = z.infer<typeof DeleteAgentsAnswer>

/** The answer to `POST /v1/stop`. `stops` is false if `unlessUsed` was set and the daemon is used. */
export const StopDaemonAnswer = z.looseObject({ stops: z.boolean() })
export type StopDaemonAnswer = z.infer<typeof StopDaemonAnswer>
