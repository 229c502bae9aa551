import type { AccountLimit } from '@subagent-mcp/contract'
import type { RateLimits } from './wire.js'

/** The limits of an account that a report says something of. */
export function limitsOf({ limitId, limitName, primary, secondary }: RateLimits): AccountLimit[] {
  // The account's own limits have Codex's name, those of a single model another.
  const prefix = (limitId ?? 'codex') === 'codex' ? '' : `${limitName ?? limitId}_`
  return Object.entries({ primary, secondary }).flatMap(([place, window]) => {
    if (window?.usedPercent === undefined) return []
    const { usedPercent, windowDurationMins, resetsAt } = window
    return {
      name: prefix + (durations.get(windowDurationMins ?? 0) ?? place),
      usedPercent,
      ...(resetsAt !== undefined && { resetsAt: resetsAt * 1000 }),
      exhausted: usedPercent >= 100,
    }
  })
}

const durations: ReadonlyMap<number, string> = new Map([
  [5 * 60, 'five_hour'],
  [7 * 24 * 60, 'seven_day'],
])

/** When the last of the limits ends that are exhausted, as far as known. */
export function exhaustedUntil(limits: readonly AccountLimit[]): number | undefined {
  const ends = limits.flatMap(({ exhausted, resetsAt }) =>
    exhausted && resetsAt !== undefined ? [resetsAt] : [],
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}
