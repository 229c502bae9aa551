import { refuse } from './answer-question.js'
import { resetMs, ownTurnMs, settleMs } from '../state/deadlines.js'
import { buryMember, discard, endMember } from './end-member.js'
import type { MemberFact } from '../state/fact.js'
import { overdue, retired } from '../state/failures.js'
import { addFigures } from '../state/figures.js'
import { makeReady, prime } from './make-ready.js'
import type { Closing, Member, Resetting } from '../state/member.js'
import { put, recipeOf, type PoolState } from '../state/pool-state.js'
import { rest } from './recycle.js'
import type { Step } from '../state/step.js'
import { whileLeased } from './while-leased.js'
import { whileCaching, whileOpening, whilePriming } from './while-starting.js'

/** What a fact makes of a member. One that cannot happen now changes nothing. */
export function reduceMember(before: PoolState, fact: MemberFact): Step {
  const state = takeNote(before, fact)
  const member = state.members.get(fact.memberId)
  if (!member) return [state]
  const { phase } = member
  switch (phase.status) {
    case 'opening':
      return whileOpening(state, member, phase, fact)
    case 'priming':
      return whilePriming(state, member, phase, fact)
    case 'caching':
      return whileCaching(state, member, phase, fact)
    case 'idle':
      return whileIdle(state, member, fact)
    case 'leased':
      return whileLeased(state, member, phase, fact)
    case 'resetting':
      return whileResetting(state, member, phase, fact)
    case 'closing':
      return whileClosing(state, member, phase, fact)
  }
}

/** A member has had the time that its phase has. */
export function expire(state: PoolState, member: Member): Step {
  switch (member.phase.status) {
    case 'idle':
      return endMember(state, member, { mode: 'graceful', why: retired })
    case 'priming':
      return discard(state, member, overdue('its prime prompt', ownTurnMs))
    case 'caching':
      return discard(state, member, overdue('the turn that fills the cache', ownTurnMs))
    case 'leased':
      return discard(state, member, overdue('the end of its interrupted turn', settleMs))
    case 'resetting':
      return discard(state, member, overdue('its reset', resetMs))
    default:
      return [state]
  }
}

/** What is worth knowing whatever the member does. */
function takeNote(state: PoolState, fact: MemberFact): PoolState {
  const member = state.members.get(fact.memberId)
  if (fact.type !== 'member-said' || !member) return state
  const { event, at, memory = member.memory } = fact
  switch (event.type) {
    case 'session-identified':
      return put(state, { ...member, identity: event })
    case 'conversation-reset':
      return put(state, { ...member, memory, lastResetAt: at })
    case 'usage-reported':
      return { ...state, figures: addFigures(state.figures, recipeOf(state, member), { usage: event.usage }) }
    default:
      return state
  }
}

function whileIdle(state: PoolState, member: Member, fact: MemberFact): Step {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  if (event.type === 'session-closed') return buryMember(state, member, undefined)
  return event.type === 'approval-requested' ? refuse(state, member, event.requestId) : [state]
}

function whileResetting(state: PoolState, member: Member, phase: Resetting, fact: MemberFact): Step {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  if (event.type === 'session-closed') return buryMember(state, member, event.failure)
  if (event.type === 'approval-requested') return refuse(state, member, event.requestId)
  if (event.type !== 'conversation-reset') return [state]
  const { after, primes } = phase
  if (after.type === 'cache') {
    const claimed = { member, claims: after.claims }
    return primes ? prime(state, claimed, fact) : makeReady(state, claimed, fact)
  }
  const [next, ...effects] =
    primes && !recipeOf(state, member).replaced
      ? prime(state, { member, claims: [{ type: 'stock' }] }, fact)
      : rest(state, member, fact.at)
  // First of all: the next task may be waiting for the end of this one.
  return [next, { type: 'end-lease', leaseId: after.leaseId, event: { type: 'session-closed' } }, ...effects]
}

function whileClosing(state: PoolState, member: Member, phase: Closing, fact: MemberFact): Step {
  switch (fact.type) {
    case 'member-opened':
      return endMember(state, member, { mode: 'kill', why: retired })
    case 'member-open-failed':
    case 'member-gone':
      return buryMember(state, member, undefined)
    case 'member-said':
      return whileDying(state, member, phase, fact)
  }
}

/** A lessee that did not ask for the end hears what the session says to it; the end itself comes from us. */
function whileDying(
  state: PoolState,
  member: Member,
  { owed }: Closing,
  { event }: MemberFact & { type: 'member-said' },
): Step {
  if (owed.type !== 'lessee' || owed.asked) return [state]
  if (event.type !== 'session-closed') return [state, { type: 'tell', leaseId: owed.leaseId, event }]
  const { failure = owed.failure } = event
  return [put(state, { ...member, phase: { status: 'closing', owed: { ...owed, failure } } })]
}
