import type { TurnUsage } from '@subagent-mcp/contract'
import { addUsage, computeUsageBetweenTotals, type UsageCount } from '@subagent-mcp/driver-kit'
import type { CodexTokenUsage } from './wire.js'

/** Converts a usage count to a report, without costs and unknown cache writes, because Codex does not report them. */
export function toReportedUsage({ costUsd: _, cacheWriteInputTokens, ...used }: UsageCount): TurnUsage {
  // Codex reports 0 cache writes when the model's API reports none.
  return { ...used, ...(cacheWriteInputTokens > 0 && { cacheWriteInputTokens }) }
}

export function readThreadUsage({ total }: Pick<CodexTokenUsage, 'total'>): UsageCount {
  return { ...total, costUsd: 0 }
}

/** Returns the usage of a Codex turn after a report; `before` is the total usage of the thread in the report before it. */
export function computeCodexTurnUsage(
  used: UsageCount,
  { total, last }: CodexTokenUsage,
  before: UsageCount | undefined,
): UsageCount {
  // The first report of a resumed thread has a total that includes turns before the resume.
  const since =
    before === undefined
      ? readThreadUsage({ total: last })
      : computeUsageBetweenTotals(before, readThreadUsage({ total }))
  return addUsage(used, since)
}
