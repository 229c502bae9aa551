import { z } from 'zod'
import { Budget } from './budget.js'
import { AttachedFiles, OutputSchema } from './launch-options.js'
import { createLaunchOptionRuleCheck } from './launch-option-rules.js'
import { getLaunchOptionSchemas } from './launch-surfaces.js'
import { MessageText } from './message-text.js'

/** The longest time, in seconds, that one request of the HTTP API may wait for agents: a day. */
export const longestWaitSeconds = 86_400
/** The longest time limit, in seconds, that a task of a defined agent may have: a week. */
export const longestTaskSeconds = 604_800

const Environment = z.record(z.string(), z.string()).describe("the caller's; never logged, never returned")
const Pid = z.number().int().positive().describe('of the process that sends the request').exactOptional()
const AnswerSchema = OutputSchema.describe('JSON Schema 2020-12 that its answers match').exactOptional()
const Cwd = z.string().min(1).describe("the caller's folder")

/** The body of `POST /v1/agents`. The agent continues after the answer, because an HTTP client is no host whose exit could end it. */
export const LaunchBody = z
  .strictObject({
    ...getLaunchOptionSchemas('http'),
    outputSchema: AnswerSchema,
    cwd: Cwd,
    environment: Environment,
    pid: Pid,
  })
  .superRefine(createLaunchOptionRuleCheck((option) => option))
  .refine(({ onHostExit }) => onHostExit !== 'kill', {
    message: 'onHostExit: an HTTP client is no host whose exit could end the agent; leave it out',
  })
export type LaunchBody = z.input<typeof LaunchBody>

/** The body of `POST /v1/tasks`, which runs a task of a defined agent. */
export const InvokeBody = z.strictObject({
  agent: z.string().min(1).describe('a definition'),
  task: MessageText,
  outputSchema: AnswerSchema,
  files: AttachedFiles.exactOptional(),
  timeoutSeconds: z
    .number()
    .positive()
    .max(longestTaskSeconds)
    .describe("instead of the definition's own")
    .exactOptional(),
  announce: z
    .boolean()
    .describe('announce id and queue place in an early 103 response with the header subagent-mcp-task')
    .exactOptional(),
  attended: z
    .boolean()
    .describe('the client answers permission requests: they do not end the request')
    .exactOptional(),
  cwd: Cwd,
  environment: Environment,
  pid: Pid,
})
export type InvokeBody = z.input<typeof InvokeBody>

/** The body of `POST /v1/pool` and `POST /v1/pool/{agent}/reset`: whose definitions are meant. */
export const PoolBody = z.strictObject({ cwd: Cwd, environment: Environment })
export type PoolBody = z.infer<typeof PoolBody>

/** The body of `POST /v1/pool/{agent}/warmup`. */
export const WarmupBody = PoolBody.extend({
  cache: z.boolean().describe("run a turn too, which fills the provider's prompt cache").exactOptional(),
})
export type WarmupBody = z.infer<typeof WarmupBody>

/** The body of `POST /v1/agents/{id}/messages`. */
export const SendMessageBody = z.strictObject({
  text: MessageText,
  files: AttachedFiles.exactOptional(),
  steer: z.boolean().describe('into the running turn instead of after it').exactOptional(),
  budget: Budget.describe("replaces the agent's budget, which counts from its launch").exactOptional(),
  cwd: Cwd,
  environment: Environment,
  pid: Pid,
})
export type SendMessageBody = z.infer<typeof SendMessageBody>

/** The body of `POST /v1/agents/{id}/answers`, which answers a permission request of an agent. */
export const AnswerPermissionBody = z
  .strictObject({
    decision: z.enum(['allow', 'deny']),
    requestId: z.string().describe('default: the oldest question').exactOptional(),
    reason: z.string().exactOptional(),
    through: z
      .enum(['terminal', 'http'])
      .describe(
        'default: http, by which nothing is allowed that only a person may; terminal needs pid and environment',
      )
      .exactOptional(),
    who: z.string().min(1).max(100).describe('who answers, for the audit log').exactOptional(),
    environment: Environment.exactOptional(),
    pid: Pid,
  })
  .refine(({ through, environment, pid }) => through !== 'terminal' || (environment && pid !== undefined), {
    message: 'an answer through a terminal needs pid and environment',
  })
export type AnswerPermissionBody = z.infer<typeof AnswerPermissionBody>

/** The body of `POST /v1/waits`, which waits for agents. */
export const WaitForAgentsBody = z.strictObject({
  agentIds: z.array(z.string()).min(1),
  until: z.enum(['any', 'all']),
  timeoutSeconds: z.number().min(0).max(longestWaitSeconds),
  answers: z.boolean().describe('return their texts too').exactOptional(),
})
export type WaitForAgentsBody = z.infer<typeof WaitForAgentsBody>

/** The body of `POST /v1/prune`, which deletes ended agents: by default all of them. */
export const DeleteAgentsBody = z.strictObject({
  agentIds: z.array(z.string()).exactOptional(),
  endedBeforeSeconds: z.number().min(0).describe('ended at least so many seconds ago').exactOptional(),
})
export type DeleteAgentsBody = z.infer<typeof DeleteAgentsBody>

/** The body of `POST /v1/routes`, which reports the candidates for a task. */
export const RoutesBody = z.strictObject({
  category: z.string().exactOptional(),
  cwd: Cwd,
  environment: Environment,
})
export type RoutesBody = z.infer<typeof RoutesBody>

/** The body of `POST /v1/stop`, which stops the daemon. */
export const StopDaemonBody = z.strictObject({
  drain: z.boolean().describe('let running turns end, within a limit').exactOptional(),
  unlessUsed: z
    .boolean()
    .describe('only if no agent works or waits, and no host is connected that cannot reconnect by itself')
    .exactOptional(),
  restarts: z
    .boolean()
    .describe(
      'another daemon follows: where this one is run by a service, the system is to start the service again',
    )
    .exactOptional(),
})
export type StopDaemonBody = z.infer<typeof StopDaemonBody>
