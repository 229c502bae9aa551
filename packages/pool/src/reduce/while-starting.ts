import type { SessionEvent } from '@subagent-mcp/contract'
import { answerByPoolPolicy, denyUnaskableCall } from './answer-question.js'
import { removeGonePoolMember, killFailedMember, describePoolMember } from './end-member.js'
import type { PoolMemberFact } from '../state/fact.js'
import { primePromptNeedsPermissionFailure, createPoolTurnFailure } from '../state/failures.js'
import { addPoolUsage } from '../state/figures.js'
import { resetPoolMember } from './reset-member.js'
import { serveFirstClaim, primePoolMember } from './make-ready.js'
import type { CachingPhase, PoolMember, StartingPhase } from '../state/pool-member.js'
import { getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import type { PoolStep } from '../state/step.js'

type Opening = StartingPhase & { status: 'opening' }
type Priming = StartingPhase & { status: 'priming' }

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
        ? serveFirstClaim(state, { member, claims: phase.claims }, fact)
        : killFailedMember(state, member, createPoolTurnFailure('the prime prompt', event))
    case 'approval-requested':
      return (
        answerByPoolPolicy(state, member, { request: event, ruling }) ??
        killFailedMember(state, member, primePromptNeedsPermissionFailure(event.tool, ruling?.by))
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
  phase: CachingPhase,
  fact: PoolMemberFact,
): PoolStep {
  if (fact.type !== 'member-said') return [state]
  const { event, ruling } = fact
  switch (event.type) {
    case 'turn-ended':
      return event.turnId === phase.turnId ? onFilled(state, member, phase, { event, at: fact.at }) : [state]
    case 'approval-requested':
      return (
        answerByPoolPolicy(state, member, { request: event, ruling }) ??
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
  { claims, turnId }: CachingPhase,
  { event, at }: { event: SessionEvent & { type: 'turn-ended' }; at: number },
): PoolStep {
  if (event.outcome.type !== 'completed')
    return killFailedMember(state, member, createPoolTurnFailure('the turn that fills the cache', event))
  return resetPoolMember(state, member, { onlyTurnId: turnId, after: { type: 'cache', claims }, at })
}
