import type { Usage } from '@subagent-mcp/contract'
import type { TokenUsage } from './wire.js'

/** Tokens used so far; Codex does not say what they cost. */
export type Spending = Omit<Required<Usage>, 'costUsd'>

/** Where every turn starts. */
export const nothingSpent: Spending = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
}

/** As it is reported. Codex says zero of what was written to the cache when the model's API says nothing. */
export function usageOf({ cacheWriteInputTokens, ...used }: Spending): Usage {
  return { ...used, ...(cacheWriteInputTokens > 0 && { cacheWriteInputTokens }) }
}

/** What a turn has used after a report, `before` being what the thread had used by the one before. */
export function usedAfter(
  used: Spending,
  { total, last }: TokenUsage,
  before: Spending | undefined,
): Spending {
  // A thread that was taken up again counts from its beginning: what it had used before is in no report of ours.
  const since = before === undefined ? last : combined(total, before, (one, other) => one - other)
  return combined(used, since, (one, other) => one + other)
}

function combined(one: Spending, other: Spending, combine: (one: number, other: number) => number): Spending {
  return {
    inputTokens: combine(one.inputTokens, other.inputTokens),
    cachedInputTokens: combine(one.cachedInputTokens, other.cachedInputTokens),
    cacheWriteInputTokens: combine(one.cacheWriteInputTokens, other.cacheWriteInputTokens),
    outputTokens: combine(one.outputTokens, other.outputTokens),
  }
}
