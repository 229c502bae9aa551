import type { PoolMember } from './pool-member.js'
import { getMemberPoolSpec, type PoolState } from './pool-state.js'

/** The milliseconds in which an interrupted turn must end after its lease holder has closed. */
export const poolInterruptLimitMs = 5_000

/** The milliseconds in which a session's reset must end. */
export const poolResetLimitMs = 10_000

/** The milliseconds in which a prime prompt or a cache turn must end. */
export const poolTurnLimitMs = 300_000

/** The next time at which a pool member is overdue or idle for too long; `undefined` without one. */
export function computeNextPoolDeadline(state: PoolState): number | undefined {
  const next = Math.min(...[...state.members.values()].map((member) => computeMemberDeadline(state, member)))
  return next === Infinity ? undefined : next
}

/** The time at which a pool member's phase must be over; `Infinity` for a phase without a limit. */
export function computeMemberDeadline(state: PoolState, member: PoolMember): number {
  const { phase } = member
  switch (phase.status) {
    case 'idle':
      return phase.since + getMemberPoolSpec(state, member).limits.idleMs
    case 'leased':
      return phase.settleBy ?? Infinity
    case 'opening':
    case 'closing':
      return Infinity
    default:
      return phase.until
  }
}
