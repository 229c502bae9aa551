import { denyUnaskableCall } from './answer-question.js'
import { poolResetLimitMs, poolTurnLimitMs, poolInterruptLimitMs } from '../state/pool-deadlines.js'
import { removeGonePoolMember, killFailedPoolMember, endPoolMember } from './end-pool-member.js'
import type { PoolMemberFact } from '../state/pool-fact.js'
import { createOverdueFailure, poolRetiredFailure } from '../state/pool-failures.js'
import { addPoolUsage } from '../state/pool-usage.js'
import { giveMemberToFirstClaim, primePoolMember } from './prime-pool-member.js'
import type { MemberClosingPhase, PoolMember, MemberResettingPhase } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import { makeMemberIdle } from './idle-members.js'
import type { PoolStep } from '../state/pool-step.js'
import { reduceLeasedMember } from './reduce-leased-member.js'
import { reduceCachingMember, reduceOpeningMember, reducePrimingMember } from './reduce-starting-member.js'

/** Applies a fact to a member. A fact that its phase does not expect changes nothing. */
export function reducePoolMember(before: PoolState, fact: PoolMemberFact): PoolStep {
  const state = recordEvent(before, fact)
  const member = state.members.get(fact.memberId)
  if (!member) return [state]
  const { phase } = member
  switch (phase.status) {
    case 'opening':
      return reduceOpeningMember(state, member, phase, fact)
    case 'priming':
      return reducePrimingMember(state, member, phase, fact)
    case 'caching':
      return reduceCachingMember(state, member, phase, fact)
    case 'idle':
      return whileIdle(state, member, fact)
    case 'leased':
      return reduceLeasedMember(state, member, phase, fact)
    case 'resetting':
      return whileResetting(state, member, phase, fact)
    case 'closing':
      return whileClosing(state, member, phase, fact)
  }
}

export function endOverduePoolMember(state: PoolState, member: PoolMember): PoolStep {
  switch (member.phase.status) {
    case 'idle':
      return endPoolMember(state, member, { mode: 'graceful', why: poolRetiredFailure })
    case 'priming':
      return killFailedPoolMember(state, member, createOverdueFailure('its prime prompt', poolTurnLimitMs))
    case 'caching':
      return killFailedPoolMember(
        state,
        member,
        createOverdueFailure('the turn that fills the cache', poolTurnLimitMs),
      )
    case 'leased':
      return killFailedPoolMember(
        state,
        member,
        createOverdueFailure('the end of its interrupted turn', poolInterruptLimitMs),
      )
    case 'resetting':
      return killFailedPoolMember(state, member, createOverdueFailure('its reset', poolResetLimitMs))
    default:
      return [state]
  }
}

/** Records the parts of a session's events that matter in every phase: session id, memory after a reset, usage. */
function recordEvent(state: PoolState, fact: PoolMemberFact): PoolState {
  const member = state.members.get(fact.memberId)
  if (fact.type !== 'member-said' || !member) return state
  const { event, at, memory = member.memory } = fact
  switch (event.type) {
    case 'session-identified':
      return storePoolMember(state, { ...member, identity: event })
    case 'conversation-reset':
      return storePoolMember(state, { ...member, memory, lastResetAt: at })
    case 'usage-reported':
      return {
        ...state,
        figures: addPoolUsage(state.figures, getMemberPoolSpec(state, member), { usage: event.usage }),
      }
    default:
      return state
  }
}

function whileIdle(state: PoolState, member: PoolMember, fact: PoolMemberFact): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  if (event.type === 'session-closed') return removeGonePoolMember(state, member, undefined)
  return event.type === 'approval-requested' ? denyUnaskableCall(state, member, event.requestId) : [state]
}

function whileResetting(
  state: PoolState,
  member: PoolMember,
  phase: MemberResettingPhase,
  fact: PoolMemberFact,
): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event } = fact
  if (event.type === 'session-closed') return removeGonePoolMember(state, member, event.failure)
  if (event.type === 'approval-requested') return denyUnaskableCall(state, member, event.requestId)
  if (event.type !== 'conversation-reset') return [state]
  const { after, primes } = phase
  if (after.type === 'cache') {
    const claimed = { member, claims: after.claims }
    return primes ? primePoolMember(state, claimed, fact) : giveMemberToFirstClaim(state, claimed, fact)
  }
  const [next, ...effects] =
    primes && !getMemberPoolSpec(state, member).replaced
      ? primePoolMember(state, { member, claims: [{ type: 'stock' }] }, fact)
      : makeMemberIdle(state, member, fact.at)
  // The lease ends first, because the next task may wait for its end.
  return [next, { type: 'end-lease', leaseId: after.leaseId, event: { type: 'session-closed' } }, ...effects]
}

function whileClosing(
  state: PoolState,
  member: PoolMember,
  phase: MemberClosingPhase,
  fact: PoolMemberFact,
): PoolStep {
  switch (fact.type) {
    case 'member-opened':
      return endPoolMember(state, member, { mode: 'kill', why: poolRetiredFailure })
    case 'member-open-failed':
    case 'member-gone':
      return removeGonePoolMember(state, member, undefined)
    case 'member-said':
      return whileDying(state, member, phase, fact)
  }
}

/** Passes events of a closing session to its lease holder, unless the holder closed it. `session-closed` comes last. */
function whileDying(
  state: PoolState,
  member: PoolMember,
  { owed }: MemberClosingPhase,
  { event }: PoolMemberFact & { type: 'member-said' },
): PoolStep {
  if (owed.type !== 'lease-holder' || owed.asked) return [state]
  if (event.type !== 'session-closed') return [state, { type: 'tell', leaseId: owed.leaseId, event }]
  const { failure = owed.failure } = event
  return [storePoolMember(state, { ...member, phase: { status: 'closing', owed: { ...owed, failure } } })]
}
