import type { Usage } from '@subagent-mcp/contract'
import type { ResultLine } from './wire.js'

/** What a process has used since it started, or since it began to count again. */
export type Spending = Required<Usage>

/** Where every process starts. */
export const nothingSpent: Spending = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
}

/** What the process had used when it wrote this result. */
export function spendingAt(line: ResultLine): Spending {
  const models = Object.values(line.modelUsage)
  const sum = (tokens: (model: (typeof models)[number]) => number) =>
    models.reduce((total, model) => total + tokens(model), 0)
  return {
    inputTokens: sum(
      (model) => model.inputTokens + model.cacheReadInputTokens + model.cacheCreationInputTokens,
    ),
    cachedInputTokens: sum((model) => model.cacheReadInputTokens),
    cacheWriteInputTokens: sum((model) => model.cacheCreationInputTokens),
    outputTokens: sum((model) => model.outputTokens),
    costUsd: line.total_cost_usd,
  }
}

/** What was used between two results. A process whose count went down began again from nothing. */
export function spentSince(before: Spending, now: Spending): Usage {
  if (now.inputTokens < before.inputTokens || now.costUsd < before.costUsd) return now
  return {
    inputTokens: now.inputTokens - before.inputTokens,
    cachedInputTokens: now.cachedInputTokens - before.cachedInputTokens,
    cacheWriteInputTokens: now.cacheWriteInputTokens - before.cacheWriteInputTokens,
    outputTokens: now.outputTokens - before.outputTokens,
    costUsd: roundedToNanos(now.costUsd - before.costUsd),
  }
}

/** A difference of sums of floats, without their noise. */
function roundedToNanos(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9
}
