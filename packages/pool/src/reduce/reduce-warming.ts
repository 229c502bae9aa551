import { claimsOf, memberWithClaim } from '../state/claims.js'
import type { PoolFact } from '../state/fact.js'
import { poolClosedFailure, unknownPoolSpecFailure } from '../state/failures.js'
import { giveUpClaim } from './end-member.js'
import { fillCache, withoutCacheWish } from './make-ready.js'
import { claimingLease, isStarting, type MemberClaim, type Member } from '../state/member.js'
import { openMember } from './open-member.js'
import { membersOf, putMember, type PoolState } from '../state/pool-state.js'
import { viewMember } from '../state/processes.js'
import { idleMembers } from './recycle.js'
import type { PoolStep } from '../state/step.js'

type Requested = PoolFact & { type: 'warm-requested' }

/** Finds a process to warm up: an idle one, otherwise one that starts without a lease, otherwise a new one. */
export function requestWarmProcess(state: PoolState, fact: Requested): PoolStep {
  const { waitId, key, cache, at } = fact
  const poolSpec = state.specs.get(key)
  const failure = state.closed ? poolClosedFailure : unknownPoolSpecFailure
  if (state.closed || !poolSpec)
    return [state, { type: 'answer-warm', waitId, outcome: { type: 'failed', failure } }]
  const claim = { type: 'warm', waitId, cache } as const
  const [idle] = idleMembers(state, key, at)
  if (idle && cache) return fillCache(state, { member: idle, claims: [claim] }, fact)
  if (idle)
    return [
      state,
      { type: 'answer-warm', waitId, outcome: { type: 'warm', process: viewMember(state, idle) } },
    ]
  const coming = membersOf(state, key).find(isComing)
  return coming ? [putMember(state, join(coming, claim))] : openMember(state, { key, poolSpec, claim, at })
}

/** Handles a caller of `warm` that no longer waits for the process. */
export function abandonWarmRequest(
  state: PoolState,
  { waitId }: PoolFact & { type: 'warm-abandoned' },
): PoolStep {
  const isTheirs = (claim: MemberClaim): boolean => claim.type === 'warm' && claim.waitId === waitId
  const member = [...state.members.values()].find((each) => claimsOf(each)?.some(isTheirs))
  return member ? giveUpClaim(state, member, isTheirs) : [state]
}

function isComing(member: Member): boolean {
  const claims = claimsOf(member)
  return claims !== undefined && claimingLease(claims) === undefined
}

/** Adds a claim to a member that is starting. A member in its cache turn needs no second cache turn. */
function join(member: Member, claim: MemberClaim): Member {
  return memberWithClaim(member, isStarting(member) ? claim : withoutCacheWish(claim))
}
