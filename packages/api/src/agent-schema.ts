import { reasoningEfforts, FailureReason, type Failure, type TurnUsage } from '@subagent-mcp/contract'
import { z } from 'zod'
import { ResultGrade } from './checks/check-schema.js'
import { listedLaunchOptions } from './launch-options.js'
import { readonlyListSchema, looseObjectSchema } from './response-schemas.js'

export const failureShape = {
  reason: FailureReason,
  reasons: z.array(FailureReason).describe('of all candidates, when all failed').exactOptional(),
  message: z.string(),
  hint: z.string().exactOptional(),
  resetsAt: z.number().exactOptional(),
  httpStatus: z.number().exactOptional(),
  stderrTail: z.string().exactOptional(),
}
export const FailureSchema: z.ZodType<Failure> = looseObjectSchema(failureShape)

const Attempt = looseObjectSchema({
  candidate: looseObjectSchema({
    provider: z.string(),
    model: z.string().exactOptional(),
    effort: z.enum(reasoningEfforts).exactOptional(),
  }),
  failure: FailureSchema,
  tried: z.boolean().describe('false if it was skipped for an earlier failure'),
})
/** A candidate (provider and model) that a launch could not use, with the reason. `tried: false`: skipped, because it would fail like an earlier one. */
export type LaunchAttempt = z.infer<typeof Attempt>

const AgentActivityItem = looseObjectSchema({
  at: z.number(),
  kind: z.enum(['writing', 'text', 'thinking', 'tool', 'tool-result', 'permission', 'retry', 'notice']),
  text: z.string().describe('shortened'),
})
/** Something visible that an agent did, such as a tool call or a text. */
export type AgentActivityItem = z.infer<typeof AgentActivityItem>

/** Tokens and cost, as far as the provider reports them. */
export const UsageSchema: z.ZodType<TurnUsage> = looseObjectSchema({
  inputTokens: z.number().exactOptional(),
  cachedInputTokens: z.number().exactOptional(),
  cacheWriteInputTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
  costUsd: z.number().exactOptional(),
})

const TurnSummary = looseObjectSchema({
  status: z.enum(['finished', 'errored', 'interrupted']),
  startedAt: z.number(),
  firstOutputAt: z.number().exactOptional(),
  endedAt: z.number(),
  grade: ResultGrade.describe('how far its result was checked').exactOptional(),
  usage: UsageSchema.exactOptional(),
})
/** One ended turn, without its text. */
export type TurnSummary = z.infer<typeof TurnSummary>

/** A permission request that waits for an answer, as shown in lists. */
export const PermissionRequestSummarySchema = looseObjectSchema({
  requestId: z.string(),
  tool: z.string(),
  call: z.string().describe('the tool and the beginning of its input, in one line'),
  askedAt: z.number(),
  by: z.string().exactOptional(),
  humanOnly: z.boolean().exactOptional(),
  until: z.number().exactOptional(),
  shownTo: z.string().describe('the caller whose user is being asked').exactOptional(),
  parked: z.literal(true).describe('not answered in time; a later answer wakes the agent').exactOptional(),
})
export type PermissionRequestSummary = z.infer<typeof PermissionRequestSummarySchema>

export const AgentStatusSchema = z.enum([
  'queued',
  'processing',
  'stalled',
  'permission_requested',
  'checking',
  'finished',
  'errored',
  'stopped',
  'interrupted',
])
export type AgentStatus = z.infer<typeof AgentStatusSchema>

/** The keys of an agent in lists: state and figures, without its texts. */
export const agentSummaryShape = {
  ...listedLaunchOptions,
  id: z.string(),
  category: z.string(),
  provider: z.string(),
  model: z.string().exactOptional(),
  effort: z.enum(reasoningEfforts).exactOptional(),
  attempts: readonlyListSchema(Attempt).describe('candidates that failed before this one, oldest first'),
  notes: readonlyListSchema(z.string()).describe('where the launch differs from its options'),
  cwd: z.string(),
  source: z
    .string()
    .describe('for an agent in a worktree: the folder of the checkout that it works on')
    .exactOptional(),
  project: z.string().describe("the git root of the caller's folder, else that folder"),
  status: AgentStatusSchema,
  alive: z.boolean().describe('whether it may have a process'),
  takesMessages: z.boolean().describe('also if its session must be resumed'),
  onHostExit: z.enum(['keep', 'kill']),
  sessionId: z.string().exactOptional(),
  launchedAt: z.number().describe('Unix milliseconds, as all times'),
  idleSeconds: z.number(),
  queuedMessages: z.number(),
  recent: readonlyListSchema(AgentActivityItem),
  permissions: readonlyListSchema(PermissionRequestSummarySchema),
  runningTurn: looseObjectSchema({
    startedAt: z.number(),
    tools: z.number().describe('calls begun'),
  }).exactOptional(),
  turnCount: z.number().describe('how many turns have ended'),
  turns: readonlyListSchema(TurnSummary).describe('the newest ten of them, oldest first'),
  failure: FailureSchema.exactOptional(),
  endedAt: z.number().exactOptional(),
  waitsUntil: z.number().describe('when the limit ends that it waits for').exactOptional(),
  waitsFor: z.string().exactOptional(),
  hasSchema: z.literal(true).describe('its answers are JSON by its outputSchema').exactOptional(),
}
export const AgentSummarySchema = looseObjectSchema({
  ...agentSummaryShape,
  parentId: z.string().describe('of the agent that launched it').exactOptional(),
}).meta({ id: 'AgentSummary' })
export type AgentSummary = z.infer<typeof AgentSummarySchema>
