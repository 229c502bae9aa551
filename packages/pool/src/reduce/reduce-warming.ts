import { claimsOf, joinClaims } from '../state/claims.js'
import type { PoolFact } from '../state/fact.js'
import { poolClosed, unknownRecipe } from '../state/failures.js'
import { giveUpClaim } from './give-up-claim.js'
import { fillCache, filled } from './make-ready.js'
import { claimingLease, isStarting, type Claim, type Member } from '../state/member.js'
import { openMember } from './open-member.js'
import { membersOf, put, type PoolState } from '../state/pool-state.js'
import { viewMember } from '../state/processes.js'
import { idleMembers } from './recycle.js'
import type { Step } from '../state/step.js'

type Requested = PoolFact & { type: 'warmth-requested' }

/** Somebody wants a process to be ready: one that waits, else one that is on its way and no task's, else a new one. */
export function requestWarmth(state: PoolState, fact: Requested): Step {
  const { waitId, key, cache, at } = fact
  const recipe = state.recipes.get(key)
  const failure = state.closed ? poolClosed : unknownRecipe
  if (state.closed || !recipe)
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
  return coming ? [put(state, join(coming, claim))] : openMember(state, { key, recipe, claim, at })
}

/** Nobody waits for it to be ready any more. */
export function abandonWarmth(state: PoolState, { waitId }: PoolFact & { type: 'warmth-abandoned' }): Step {
  const isTheirs = (claim: Claim): boolean => claim.type === 'warm' && claim.waitId === waitId
  const member = [...state.members.values()].find((each) => claimsOf(each)?.some(isTheirs))
  return member ? giveUpClaim(state, member, isTheirs) : [state]
}

function isComing(member: Member): boolean {
  const claims = claimsOf(member)
  return claims !== undefined && claimingLease(claims) === undefined
}

/** Of one whose cache is being filled no second turn is wanted. */
function join(member: Member, claim: Claim): Member {
  return joinClaims(member, isStarting(member) ? claim : filled(claim))
}
