import { getMemberClaims, addMemberClaim } from '../state/member-claims.js'
import type { PoolFact } from '../state/pool-fact.js'
import { poolClosedFailure, unknownPoolSpecFailure } from '../state/pool-failures.js'
import { withdrawMemberClaims } from './end-pool-member.js'
import { startPromptCacheTurn, claimWithoutCacheTurn } from './prime-pool-member.js'
import {
  findClaimedLeaseId,
  isMemberStarting,
  type PoolClaim,
  type PoolMember,
} from '../state/pool-member.js'
import { openPoolMember } from './open-pool-member.js'
import { listMembersOfSpec, storePoolMember, type PoolState } from '../state/pool-state.js'
import { createPooledProcessView } from '../state/pooled-processes.js'
import { listIdlePoolMembers } from './idle-members.js'
import type { PoolStep } from '../state/pool-step.js'

type Requested = PoolFact & { type: 'warm-requested' }

/** Finds a process to warm up: an idle one, otherwise one that starts without a lease, otherwise a new one. */
export function requestWarmProcess(state: PoolState, fact: Requested): PoolStep {
  const { waitId, key, cache, at } = fact
  const poolSpec = state.specs.get(key)
  const failure = state.closed ? poolClosedFailure : unknownPoolSpecFailure
  if (state.closed || !poolSpec)
    return [state, { type: 'answer-warm', waitId, outcome: { type: 'failed', failure } }]
  const claim = { type: 'warm', waitId, cache } as const
  const [idle] = listIdlePoolMembers(state, key, at)
  if (idle && cache) return startPromptCacheTurn(state, { member: idle, claims: [claim] }, fact)
  if (idle)
    return [
      state,
      {
        type: 'answer-warm',
        waitId,
        outcome: { type: 'warm', process: createPooledProcessView(state, idle) },
      },
    ]
  const coming = listMembersOfSpec(state, key).find(isComing)
  return coming
    ? [storePoolMember(state, join(coming, claim))]
    : openPoolMember(state, { key, poolSpec, claim, at })
}

/** Handles a caller of `warm` that no longer waits for the process. */
export function cancelWarmRequest(
  state: PoolState,
  { waitId }: PoolFact & { type: 'warm-abandoned' },
): PoolStep {
  const isTheirs = (claim: PoolClaim): boolean => claim.type === 'warm' && claim.waitId === waitId
  const member = [...state.members.values()].find((each) => getMemberClaims(each)?.some(isTheirs))
  return member ? withdrawMemberClaims(state, member, isTheirs) : [state]
}

function isComing(member: PoolMember): boolean {
  const claims = getMemberClaims(member)
  return claims !== undefined && findClaimedLeaseId(claims) === undefined
}

/** Adds a claim to a member that is starting. A member in its cache turn needs no second cache turn. */
function join(member: PoolMember, claim: PoolClaim): PoolMember {
  return addMemberClaim(member, isMemberStarting(member) ? claim : claimWithoutCacheTurn(claim))
}
