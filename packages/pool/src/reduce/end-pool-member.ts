import type { SessionCloseMode, Failure, SessionEvent } from '@subagent-mcp/contract'
import { getMemberClaims, failMemberClaims, setMemberClaims } from '../state/member-claims.js'
import type { PoolEffect } from '../state/pool-effect.js'
import { poolSessionLostFailure, poolCancelFailure } from '../state/pool-failures.js'
import type { PoolMemberEndNotice, PoolMember, PoolClaim, PoolMemberPhase } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, removePoolMember, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/pool-step.js'

/** How to end a pool member, and the failure that the callers get who wait for it. */
export type EndPoolMemberOptions = { mode: SessionCloseMode; why: Failure }

/** Closes a pool member. One that is closing already is closed faster. */
export function endPoolMember(
  state: PoolState,
  member: PoolMember,
  { mode, why }: EndPoolMemberOptions,
): PoolStep {
  const phase = { status: 'closing', owed: owedIn(member.phase, why) } as const
  return [storePoolMember(state, { ...member, phase }), { type: 'close', memberId: member.id, mode }]
}

export function killFailedPoolMember(state: PoolState, member: PoolMember, why: Failure): PoolStep {
  const [next, ...effects] = endPoolMember(state, member, { mode: 'kill', why })
  return [
    next,
    ...effects,
    { type: 'log', line: `${describePoolMember(state, member)} is discarded: ${why.message}` },
  ]
}

export function describePoolMember(state: PoolState, member: PoolMember): string {
  const { pid } = member
  return `a process of ${getMemberPoolSpec(state, member).agent}${pid === undefined ? '' : ` (pid ${pid})`}`
}

/** Removes a pool member whose process is gone, and notifies the callers that waited for it. */
export function removeGonePoolMember(
  state: PoolState,
  member: PoolMember,
  why: Failure | undefined,
): PoolStep {
  return [
    removePoolMember(state, member),
    ...notifyOwed(owedIn(member.phase, why)),
    { type: 'forget', memberId: member.id },
  ]
}

/** Withdraws claims on a pool member. Ends a member that starts and has no other claim. */
export function withdrawMemberClaims(
  state: PoolState,
  member: PoolMember,
  isTheirs: (claim: PoolClaim) => boolean,
): PoolStep {
  const claims = getMemberClaims(member) ?? []
  const left = claims.filter((claim) => !isTheirs(claim))
  const { status } = member.phase
  if (left.length === 0 && (status === 'opening' || status === 'priming'))
    return endPoolMember(state, member, { mode: 'kill', why: poolCancelFailure })
  return [
    storePoolMember(state, setMemberClaims(member, left)),
    ...failMemberClaims(claims.filter(isTheirs), poolCancelFailure),
  ]
}

function owedIn(phase: PoolMemberPhase, failure: Failure | undefined): PoolMemberEndNotice {
  switch (phase.status) {
    case 'idle':
      return { type: 'nobody' }
    case 'leased':
      return { type: 'lease-holder', leaseId: phase.leaseId, asked: phase.settleBy !== undefined, failure }
    case 'resetting':
      return phase.after.type === 'cache'
        ? { type: 'claims', claims: phase.after.claims, failure }
        : { type: 'lease-holder', leaseId: phase.after.leaseId, asked: true, failure }
    case 'closing':
      return phase.owed
    default:
      return { type: 'claims', claims: phase.claims, failure }
  }
}

function notifyOwed(owed: PoolMemberEndNotice): PoolEffect[] {
  if (owed.type === 'nobody') return []
  if (owed.type === 'claims') return failMemberClaims(owed.claims, owed.failure ?? poolSessionLostFailure)
  const { leaseId, asked, failure } = owed
  const event: SessionEvent = { type: 'session-closed', ...(!asked && failure && { failure }) }
  return [{ type: 'end-lease', leaseId, event }]
}
