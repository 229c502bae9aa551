import type { SessionEvent } from '@subagent-mcp/contract'
import { answerQuestionByPoolPolicy, denyUnaskableCall } from './answer-question.js'
import { removeGonePoolMember, killFailedPoolMember, describePoolMember } from './end-pool-member.js'
import type { PoolMemberFact } from '../state/pool-fact.js'
import { createPrimePromptPermissionFailure, createPoolTurnFailure } from '../state/pool-failures.js'
import { addPoolUsage } from '../state/pool-usage.js'
import { resetPoolMember } from './reset-pool-member.js'
import { giveMemberToFirstClaim, primePoolMember } from './prime-pool-member.js'
import type { MemberCachingPhase, PoolMember, MemberStartingPhase } from '../state/pool-member.js'
import { getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/pool-step.js'

type Opening = MemberStartingPhase & { status: 'opening' }
type Priming = MemberStartingPhase & { status: 'priming' }

export function reduceOpeningMember(
  state: PoolState,
  member: PoolMember,
  { claims }: Opening,
  fact: PoolMemberFact,
): PoolStep {
  switch (fact.type) {
    case 'member-opened': {
      const figures = addPoolUsage(state.figures, getMemberPoolSpec(state, member), { processes: 1 })
      const opened = { ...member, pid: fact.pid, notes: fact.notes }
      return primePoolMember({ ...state, figures }, { member: opened, claims }, fact)
    }
    case 'member-open-failed': {
      const line = `${describePoolMember(state, member)} did not start: ${fact.failure.message}`
      return [...removeGonePoolMember(state, member, fact.failure), { type: 'log', line }]
    }
    default:
      return [state]
  }
}

/** Handles events of a pool member whose new session runs its prime prompt. */
export function reducePrimingMember(
  state: PoolState,
  member: PoolMember,
  phase: Priming,
  fact: PoolMemberFact,
): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event, ruling } = fact
  switch (event.type) {
    case 'turn-ended':
      if (event.turnId !== phase.turnId) return [state]
      return event.outcome.type === 'completed'
        ? giveMemberToFirstClaim(state, { member, claims: phase.claims }, fact)
        : killFailedPoolMember(state, member, createPoolTurnFailure('the prime prompt', event))
    case 'approval-requested':
      return (
        answerQuestionByPoolPolicy(state, member, { request: event, ruling }) ??
        killFailedPoolMember(state, member, createPrimePromptPermissionFailure(event.tool, ruling?.by))
      )
    case 'session-closed':
      return removeGonePoolMember(state, member, event.failure)
    default:
      return [state]
  }
}

/** Handles events of a pool member during the turn that fills the provider's prompt cache. */
export function reduceCachingMember(
  state: PoolState,
  member: PoolMember,
  phase: MemberCachingPhase,
  fact: PoolMemberFact,
): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event, ruling } = fact
  switch (event.type) {
    case 'turn-ended':
      return event.turnId === phase.turnId ? onFilled(state, member, phase, { event, at: fact.at }) : [state]
    case 'approval-requested':
      return (
        answerQuestionByPoolPolicy(state, member, { request: event, ruling }) ??
        denyUnaskableCall(state, member, event.requestId, 'nobody is there to be asked')
      )
    case 'session-closed':
      return removeGonePoolMember(state, member, event.failure)
    default:
      return [state]
  }
}

function onFilled(
  state: PoolState,
  member: PoolMember,
  { claims, turnId }: MemberCachingPhase,
  { event, at }: { event: SessionEvent & { type: 'turn-ended' }; at: number },
): PoolStep {
  if (event.outcome.type !== 'completed')
    return killFailedPoolMember(state, member, createPoolTurnFailure('the turn that fills the cache', event))
  return resetPoolMember(state, member, { onlyTurnId: turnId, after: { type: 'cache', claims }, at })
}
