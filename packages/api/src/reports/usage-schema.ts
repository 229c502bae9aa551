import { usageGroupings } from '@subagent-mcp/contract'
import { z } from 'zod'
import { readonlyListSchema, looseObjectSchema } from '../response-schemas.js'

export const TokenUsageQuery = z.strictObject({
  by: z.enum(usageGroupings).describe('default: provider').exactOptional(),
  since: z.iso.date().describe('the first local day, as 2026-11-21; default: all').exactOptional(),
})

export type TokenUsageQuery = z.infer<typeof TokenUsageQuery>

const tokens = z.number().describe('missing if no turn reported it')

/** What turns have used. Amounts that no turn reported are missing, because they are unknown and not 0. */
const usedShape = {
  agents: z.number(),
  turns: z.number(),
  turnMs: z.number().describe('milliseconds in which turns ran; parallel turns count each'),
  inputTokens: tokens.exactOptional(),
  cachedInputTokens: tokens.describe('those of inputTokens that came from a cache').exactOptional(),
  outputTokens: tokens.exactOptional(),
  costUsd: z.number().describe('missing if no turn reported its cost').exactOptional(),
  turnsWithoutTokens: z.number().describe('turns whose tokens are unknown and not in the sums'),
  turnsWithoutCost: z.number().describe('turns whose cost is unknown and not in costUsd'),
}

/** The usage of one provider, model, project and so on: `by` of the query decides which keys it has. */
const UsageGroup = looseObjectSchema({
  provider: z.string().exactOptional(),
  model: z.string().describe('empty if it is not known').exactOptional(),
  account: z.string().describe('its name, or the provider for the default account').exactOptional(),
  project: z.string().exactOptional(),
  definition: z.string().describe('empty for agents without one').exactOptional(),
  day: z.string().describe('local, as 2026-11-21').exactOptional(),
  agentId: z.string().exactOptional(),
  name: z.string().exactOptional(),
  launchedAt: z.number().exactOptional(),
  ...usedShape,
})
export type UsageGroup = z.infer<typeof UsageGroup>

const AccountLimitState = looseObjectSchema({
  account: z.string(),
  name: z.string().describe('as the CLI calls it: five_hour, seven_day'),
  usedPercent: z.number().exactOptional(),
  exhausted: z.boolean(),
  resetsAt: z.number().describe('Unix milliseconds').exactOptional(),
  reservedPercent: z.number().describe('what the user keeps').exactOptional(),
})

const DayBudget = looseObjectSchema({
  account: z.string(),
  limit: z.enum(['usd', 'tokens']),
  most: z.number(),
  used: z.number(),
  unpriced: z.number().describe('turns of unknown cost, which are not in used').exactOptional(),
  resetsAt: z.number().describe('the next midnight, in Unix milliseconds'),
})

/** The answer to `GET /v1/usage`. */
export const TokenUsageReport = looseObjectSchema({
  by: z.enum(usageGroupings),
  since: z.string().exactOptional(),
  groups: readonlyListSchema(UsageGroup).describe(
    'the most expensive first, days in their order; at most 1,000',
  ),
  omitted: z.number().describe('further groups'),
  total: looseObjectSchema(usedShape),
  limits: readonlyListSchema(AccountLimitState).describe('as the CLIs reported them'),
  budgets: readonlyListSchema(DayBudget).describe('of the day'),
})
export type TokenUsageReport = z.infer<typeof TokenUsageReport>
