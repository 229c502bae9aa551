import { addMemberClaim } from '../state/member-claims.js'
import { endPoolMember, withdrawMemberClaims } from './end-pool-member.js'
import type { PoolFact } from '../state/pool-fact.js'
import { poolClosedFailure, poolRetiredFailure, unknownPoolSpecFailure } from '../state/pool-failures.js'
import { isMemberStarting, getMemberLeaseId, type PoolMember } from '../state/pool-member.js'
import { openPoolMember } from './open-pool-member.js'
import { listMembersOfSpec, storePoolMember, type PoolState } from '../state/pool-state.js'
import { leaseIdleMember, listIdlePoolMembers } from './idle-members.js'
import type { PoolStep } from '../state/pool-step.js'
import { onLeasedMemberCommand, onPoolLeaseClosed } from './reduce-leased-member.js'

type Of<Type extends PoolFact['type']> = PoolFact & { type: Type }

/** Leases an idle session, otherwise one that starts for nobody else, otherwise a new one. */
export function requestPoolLease(state: PoolState, { leaseId, key, at }: Of<'lease-requested'>): PoolStep {
  const poolSpec = state.specs.get(key)
  if (state.closed) return [state, { type: 'fail-lease', leaseId, failure: poolClosedFailure }]
  if (!poolSpec) return [state, { type: 'fail-lease', leaseId, failure: unknownPoolSpecFailure }]
  const [idle] = listIdlePoolMembers(state, key, at)
  if (idle) return leaseIdleMember(state, idle, { leaseId, at })
  const claim = { type: 'lease', leaseId } as const
  const coming = listMembersOfSpec(state, key).find(
    (member) => isMemberStarting(member) && getMemberLeaseId(member) === undefined,
  )
  return coming
    ? [storePoolMember(state, addMemberClaim(coming, claim))]
    : openPoolMember(state, { key, poolSpec, claim, at })
}

/** Handles a cancelled lease. A session that has opened meanwhile is closed by the lease holder. */
export function cancelPoolLease(state: PoolState, { leaseId }: Of<'lease-abandoned'>): PoolStep {
  const member = holderOf(state, leaseId)
  if (!member) return [state]
  return withdrawMemberClaims(state, member, (claim) => claim.type === 'lease')
}

export function sendLeasedSessionCommand(state: PoolState, fact: Of<'lease-commanded'>): PoolStep {
  const member = holderOf(state, fact.leaseId)
  if (member?.phase.status !== 'leased') return [state]
  return onLeasedMemberCommand(state, member, member.phase, fact.command)
}

export function closePoolLease(state: PoolState, { leaseId, mode, at }: Of<'lease-closed'>): PoolStep {
  const member = holderOf(state, leaseId)
  if (!member) return [state]
  if (member.phase.status === 'leased') return onPoolLeaseClosed(state, member, member.phase, { mode, at })
  const leaving = withEndAsked(member)
  return mode === 'kill'
    ? endPoolMember(state, leaving, { mode, why: poolRetiredFailure })
    : [storePoolMember(state, leaving)]
}

/** Marks a closing member as closed by its lease holder, who then gets no failure. */
function withEndAsked(member: PoolMember): PoolMember {
  const { phase } = member
  if (phase.status !== 'closing' || phase.owed.type !== 'lease-holder') return member
  return { ...member, phase: { status: 'closing', owed: { ...phase.owed, asked: true } } }
}

function holderOf({ members }: PoolState, leaseId: string): PoolMember | undefined {
  return [...members.values()].find((member) => getMemberLeaseId(member) === leaseId)
}
