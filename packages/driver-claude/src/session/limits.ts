import type { AccountLimit } from '@subagent-mcp/contract'
import type { LimitInfo, LimitWindow } from './wire.js'

/** The account limits in a line: the nearest one, and the windows of the account where the line has them. */
export function readAccountLimits(info: LimitInfo): readonly AccountLimit[] {
  const nearest = info.rateLimitType === undefined ? {} : { [info.rateLimitType]: info }
  const all = Object.entries({ ...info.unifiedWindows, ...nearest })
  return all.map(([name, window]) => limit(name, window, info.isUsingOverage))
}

function limit(
  name: string,
  { status, utilization, resetsAt }: LimitWindow,
  paysOverage: boolean,
): AccountLimit {
  return {
    name,
    // In tenths of a percent, without the noise of floats.
    ...(utilization !== undefined && { usedPercent: Math.round(utilization * 1000) / 10 }),
    ...(resetsAt !== undefined && { resetsAt: resetsAt * 1000 }),
    // An account that pays for overage is not stopped by a limit.
    exhausted: status === 'rejected' && !paysOverage,
  }
}
