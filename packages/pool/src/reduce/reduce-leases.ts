import { beginLease } from './begin-lease.js'
import { joinClaims } from '../state/claims.js'
import { endMember } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { poolClosed, retired, unknownRecipe } from '../state/failures.js'
import { giveUpClaim } from './give-up-claim.js'
import { isStarting, leaseOf, type Member } from '../state/member.js'
import { openMember } from './open-member.js'
import { membersOf, put, type PoolState } from '../state/pool-state.js'
import { idleMembers } from './recycle.js'
import type { Step } from '../state/step.js'
import { onCommand, onLeaseClosed } from './while-leased.js'

type Of<Type extends PoolFact['type']> = PoolFact & { type: Type }

/**
 * Somebody wants a session for a task: one that waits, else one that is on its way and nobody's, else a new one. It is
 * bound to this lease from then on.
 */
export function requestLease(state: PoolState, { leaseId, key, at }: Of<'lease-requested'>): Step {
  const recipe = state.recipes.get(key)
  if (state.closed) return [state, { type: 'fail-lease', leaseId, failure: poolClosed }]
  if (!recipe) return [state, { type: 'fail-lease', leaseId, failure: unknownRecipe }]
  const [idle] = idleMembers(state, key, at)
  if (idle) return beginLease(state, idle, { leaseId, at })
  const claim = { type: 'lease', leaseId } as const
  const coming = membersOf(state, key).find((member) => isStarting(member) && leaseOf(member) === undefined)
  return coming ? [put(state, joinClaims(coming, claim))] : openMember(state, { key, recipe, claim, at })
}

/** Nobody waits for the opening any more. One that has opened is closed by its lessee. */
export function abandonLease(state: PoolState, { leaseId }: Of<'lease-abandoned'>): Step {
  const member = holderOf(state, leaseId)
  if (!member) return [state]
  return giveUpClaim(state, member, (claim) => claim.type === 'lease')
}

/** A lessee tells its session something. */
export function command(state: PoolState, fact: Of<'lease-commanded'>): Step {
  const member = holderOf(state, fact.leaseId)
  if (member?.phase.status !== 'leased') return [state]
  return onCommand(state, member, member.phase, fact.command)
}

/** A lessee closes its session. */
export function closeLease(state: PoolState, { leaseId, mode, at }: Of<'lease-closed'>): Step {
  const member = holderOf(state, leaseId)
  if (!member) return [state]
  if (member.phase.status === 'leased') return onLeaseClosed(state, member, member.phase, { mode, at })
  const leaving = withoutEars(member)
  return mode === 'kill' ? endMember(state, leaving, { mode, why: retired }) : [put(state, leaving)]
}

/** What the pool ends of itself its lessee hears about, until it has closed it too. */
function withoutEars(member: Member): Member {
  const { phase } = member
  if (phase.status !== 'closing' || phase.owed.type !== 'lessee') return member
  return { ...member, phase: { status: 'closing', owed: { ...phase.owed, asked: true } } }
}

function holderOf({ members }: PoolState, leaseId: string): Member | undefined {
  return [...members.values()].find((member) => leaseOf(member) === leaseId)
}
