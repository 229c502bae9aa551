import { put, type PoolState } from '../state/pool-state.js'
import type { Member } from '../state/member.js'
import { replaceInTime } from './recycle.js'
import { andThen, type Step } from '../state/step.js'

/** Gives a member that is ready to a lessee. When it will have had enough then, another is opened meanwhile. */
export function beginLease(
  state: PoolState,
  member: Member,
  { leaseId, at }: { leaseId: string; at: number },
): Step {
  const { identity, notes, pid } = member
  const unused = { turns: [], running: undefined, steered: false, spoiled: false, settling: undefined }
  const leased: Member = { ...member, phase: { status: 'leased', leaseId, ...unused } }
  const begun: Step = [put(state, leased), { type: 'open-lease', leaseId, identity, notes, pid }]
  return andThen(begun, (next) => replaceInTime(next, leased, at))
}
