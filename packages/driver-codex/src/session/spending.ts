import type { Usage } from '@subagent-mcp/contract'
import { addUsage, usageSince, type UsageCount } from '@subagent-mcp/driver-kit'
import type { TokenUsage } from './wire.js'

/** Converts a usage count to a report, without costs and unknown cache writes, because Codex does not report them. */
export function reportedUsage({ costUsd: _, cacheWriteInputTokens, ...used }: UsageCount): Usage {
  // Codex reports 0 cache writes when the model's API reports none.
  return { ...used, ...(cacheWriteInputTokens > 0 && { cacheWriteInputTokens }) }
}

/** Reads the total usage of a thread from Codex's report. */
export function threadUsage({ total }: Pick<TokenUsage, 'total'>): UsageCount {
  return { ...total, costUsd: 0 }
}

/** Returns the usage of a Codex turn after a report; `before` is the total usage of the thread in the report before it. */
export function usageAfter(
  used: UsageCount,
  { total, last }: TokenUsage,
  before: UsageCount | undefined,
): UsageCount {
  // The first report of a resumed thread has a total that includes turns before the resume.
  const since =
    before === undefined ? threadUsage({ total: last }) : usageSince(before, threadUsage({ total }))
  return addUsage(used, since)
}
