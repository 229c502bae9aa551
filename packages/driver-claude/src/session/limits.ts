import type { AccountLimit } from '@subagent-mcp/contract'
import type { LimitInfo, LimitWindow } from './wire.js'

/** The limits that a line tells of: the one that is nearest, and the windows of the account where they come along. */
export function limitsOf(info: LimitInfo): readonly AccountLimit[] {
  const nearest = info.rateLimitType === undefined ? {} : { [info.rateLimitType]: info }
  const all = Object.entries({ ...info.unifiedWindows, ...nearest })
  return all.map(([name, window]) => limit(name, window, info.isUsingOverage))
}

function limit(name: string, { status, utilization, resetsAt }: LimitWindow, paidFor: boolean): AccountLimit {
  return {
    name,
    // A fraction of the window; its float noise goes.
    ...(utilization !== undefined && { usedPercent: Math.round(utilization * 1000) / 10 }),
    ...(resetsAt !== undefined && { resetsAt: resetsAt * 1000 }),
    // Who pays for more goes on past a limit.
    exhausted: status === 'rejected' && !paidFor,
  }
}
