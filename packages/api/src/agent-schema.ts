import { efforts, FailureReason, type Failure, type Usage } from '@subagent-mcp/contract'
import type { ActivityItem, AgentSummary, Attempt, QuestionSummary, TurnSummary } from '@subagent-mcp/core'
import { z } from 'zod'

/** Why something failed. */
export const FailureSchema: z.ZodType<Failure> = z.looseObject({
  reason: FailureReason,
  reasons: z.array(FailureReason).describe('of all candidates, where none is left').exactOptional(),
  message: z.string(),
  hint: z.string().exactOptional(),
  resetsAt: z.number().exactOptional(),
  httpStatus: z.number().exactOptional(),
  stderrTail: z.string().exactOptional(),
})

const Attempt: z.ZodType<Attempt> = z.looseObject({
  candidate: z.looseObject({
    provider: z.string(),
    model: z.string().exactOptional(),
    effort: z.enum(efforts).exactOptional(),
  }),
  failure: FailureSchema,
  tried: z.boolean(),
})

const ActivityItem: z.ZodType<ActivityItem> = z.looseObject({
  at: z.number(),
  kind: z.enum(['writing', 'text', 'thinking', 'tool', 'tool-result', 'permission', 'retry', 'notice']),
  text: z.string(),
})

/** What was used, as far as the provider says. */
export const UsageSchema: z.ZodType<Usage> = z.looseObject({
  inputTokens: z.number().exactOptional(),
  cachedInputTokens: z.number().exactOptional(),
  cacheWriteInputTokens: z.number().exactOptional(),
  outputTokens: z.number().exactOptional(),
  costUsd: z.number().exactOptional(),
})

const TurnSummary: z.ZodType<TurnSummary> = z.looseObject({
  status: z.enum(['finished', 'errored', 'interrupted']),
  startedAt: z.number(),
  firstOutputAt: z.number().exactOptional(),
  endedAt: z.number(),
  usage: UsageSchema.exactOptional(),
})

const QuestionSummary: z.ZodType<QuestionSummary> = z.looseObject({
  requestId: z.string(),
  tool: z.string(),
  call: z.string(),
  askedAt: z.number(),
  by: z.string().exactOptional(),
  humanOnly: z.boolean().exactOptional(),
  until: z.number().exactOptional(),
  shownTo: z.string().describe('the caller whose user is being asked').exactOptional(),
  parked: z.literal(true).describe('nobody answered in time, and an answer wakes the agent').exactOptional(),
})

/** An agent as the API shows it: core's summary of it. Keys that are not known here pass by. */
export const AgentSummarySchema: z.ZodType<AgentSummary> = z
  .looseObject({
    id: z.string(),
    name: z.string().exactOptional(),
    category: z.string(),
    provider: z.string(),
    model: z.string().exactOptional(),
    effort: z.enum(efforts).exactOptional(),
    attempts: z.array(Attempt),
    notes: z.array(z.string()),
    cwd: z.string(),
    project: z.string(),
    status: z.enum([
      'queued',
      'processing',
      'stalled',
      'permission_requested',
      'finished',
      'errored',
      'stopped',
      'interrupted',
    ]),
    alive: z.boolean(),
    takesMessages: z.boolean(),
    onHostExit: z.enum(['keep', 'kill']),
    sessionId: z.string().exactOptional(),
    launchedAt: z.number().describe('Unix milliseconds, as all times'),
    idleSeconds: z.number(),
    queuedMessages: z.number(),
    recent: z.array(ActivityItem),
    permissions: z.array(QuestionSummary),
    turnCount: z.number(),
    turns: z.array(TurnSummary),
    failure: FailureSchema.exactOptional(),
    endedAt: z.number().exactOptional(),
  })
  .meta({ id: 'AgentSummary' })
