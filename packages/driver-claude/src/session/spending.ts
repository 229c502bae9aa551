import { addUsage, zeroUsage, usageSince, type UsageCount } from '@subagent-mcp/driver-kit'
import type { ModelUsage, ResultLine } from './wire.js'

/** The total usage in a result. It counts the process; in 2.1.329 also the turns before a resume. */
export function totalUsage(line: ResultLine): UsageCount {
  return { ...sumOf(line.modelUsage), costUsd: line.total_cost_usd }
}

/**
 * The usage between a result and the one before it, whose total is `before`. 2.1.329 reports it. 2.1.197 reports totals
 * only, which start at zero in each process, also after a resume.
 */
export function usageOfResult(line: ResultLine, before: UsageCount): UsageCount {
  if (line.model_usage_since_last_result !== undefined) return sumOf(line.model_usage_since_last_result)
  const now = totalUsage(line)
  const restarted = now.inputTokens < before.inputTokens || now.costUsd < before.costUsd
  return restarted ? now : usageSince(before, now)
}

function sumOf(models: Readonly<Record<string, ModelUsage>>): UsageCount {
  return Object.values(models).map(usageOfModel).reduce(addUsage, zeroUsage)
}

function usageOfModel(model: ModelUsage): UsageCount {
  const { inputTokens, cacheReadInputTokens: cached, cacheCreationInputTokens: written } = model
  return {
    inputTokens: inputTokens + cached + written,
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    outputTokens: model.outputTokens,
    costUsd: model.costUSD,
  }
}
