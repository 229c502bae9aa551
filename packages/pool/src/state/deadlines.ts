import type { Member } from './member.js'
import { specOf, type PoolState } from './pool-state.js'

/** How long a turn may take to end once its lease holder has left. */
export const settleMs = 5_000

/** How long a session may take to forget. */
export const resetMs = 10_000

/** How long a turn of our own may take. */
export const ownTurnMs = 300_000

/** When something is overdue next, or a member has waited long enough. */
export function nextDeadline(state: PoolState): number | undefined {
  const next = Math.min(...[...state.members.values()].map((member) => deadlineOf(state, member)))
  return next === Infinity ? undefined : next
}

/** When a member has had its time, whatever it does; `Infinity` when that has no limit of ours. */
export function deadlineOf(state: PoolState, member: Member): number {
  const { phase } = member
  switch (phase.status) {
    case 'idle':
      return phase.since + specOf(state, member).limits.idleMs
    case 'leased':
      return phase.settleBy ?? Infinity
    case 'opening':
    case 'closing':
      return Infinity
    default:
      return phase.until
  }
}
