import type { Usage } from '@subagent-mcp/contract'
import type { ModelUsage, ResultLine } from './wire.js'

/** Tokens and dollars: of a turn, or of a process since it began to count. */
export type Spending = Required<Usage>

/** The count before anything was used. */
export const nothingSpent: Spending = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
}

/** The total that the process had counted when it wrote this result. 2.1.329 begins from the session's total after a resume. */
export function spendingAt(line: ResultLine): Spending {
  return { ...sumOf(line.modelUsage), costUsd: line.total_cost_usd }
}

/**
 * What was used since the result before this one, whose total is `before`. 2.1.329 says it itself. 2.1.197 does not, and
 * counts from zero in each process, also after a resume: there it is the difference of the totals.
 */
export function spentBy(line: ResultLine, before: Spending): Spending {
  if (line.model_usage_since_last_result !== undefined) return sumOf(line.model_usage_since_last_result)
  const now = spendingAt(line)
  const beganAgain = now.inputTokens < before.inputTokens || now.costUsd < before.costUsd
  return beganAgain ? now : combined(now, before, (one, other) => one - other)
}

/** Both together. */
export function add(one: Spending, other: Spending): Spending {
  return combined(one, other, (left, right) => left + right)
}

function sumOf(models: Readonly<Record<string, ModelUsage>>): Spending {
  return Object.values(models).map(spendingOn).reduce(add, nothingSpent)
}

function spendingOn(model: ModelUsage): Spending {
  const { inputTokens, cacheReadInputTokens: cached, cacheCreationInputTokens: written } = model
  return {
    inputTokens: inputTokens + cached + written,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: model.outputTokens,
    costUsd: model.costUSD,
  }
}

function combined(one: Spending, other: Spending, combine: (one: number, other: number) => number): Spending {
  return {
    inputTokens: combine(one.inputTokens, other.inputTokens),
    cachedInputTokens: combine(one.cachedInputTokens, other.cachedInputTokens),
    cacheWriteInputTokens: combine(one.cacheWriteInputTokens, other.cacheWriteInputTokens),
    outputTokens: combine(one.outputTokens, other.outputTokens),
    costUsd: roundedToNanos(combine(one.costUsd, other.costUsd)),
  }
}

/** A sum or a difference of floats, without their noise. */
function roundedToNanos(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9
}
