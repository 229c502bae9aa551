import type { TurnUsage } from '@subagent-mcp/contract'

/** Tokens and US dollars that were used; 0 where the CLI reports none. */
export type UsageCount = Required<TurnUsage>

/** A count of tokens and costs in which all is zero. */
export const zeroUsage: UsageCount = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
}

export function addUsage(one: UsageCount, other: UsageCount): UsageCount {
  return combined(one, other, (left, right) => left + right)
}

export function computeUsageBetweenTotals(before: UsageCount, now: UsageCount): UsageCount {
  return combined(now, before, (left, right) => left - right)
}

function combined(
  one: UsageCount,
  other: UsageCount,
  combine: (one: number, other: number) => number,
): UsageCount {
  return {
    inputTokens: combine(one.inputTokens, other.inputTokens),
    cachedInputTokens: combine(one.cachedInputTokens, other.cachedInputTokens),
    cacheWriteInputTokens: combine(one.cacheWriteInputTokens, other.cacheWriteInputTokens),
    outputTokens: combine(one.outputTokens, other.outputTokens),
    costUsd: roundedToNanos(combine(one.costUsd, other.costUsd)),
  }
}

/** Rounds US dollars to nine digits, because sums and differences of floats have noise behind them. */
function roundedToNanos(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9
}
