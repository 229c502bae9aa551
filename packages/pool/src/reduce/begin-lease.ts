import { putMember, type PoolState } from '../state/pool-state.js'
import type { Member } from '../state/member.js'
import { replaceInTime } from './recycle.js'
import { continueStep, type PoolStep } from '../state/step.js'

/** Gives an idle member to a lease holder, and opens a successor where this is the member's last task. */
export function beginLease(
  state: PoolState,
  member: Member,
  { leaseId, at }: { leaseId: string; at: number },
): PoolStep {
  const { identity, notes, pid } = member
  const unused = { turns: [], running: undefined, steered: false, changed: false, settleBy: undefined }
  const leased: Member = { ...member, phase: { status: 'leased', leaseId, ...unused } }
  const begun: PoolStep = [putMember(state, leased), { type: 'open-lease', leaseId, identity, notes, pid }]
  return continueStep(begun, (next) => replaceInTime(next, leased, at))
}
