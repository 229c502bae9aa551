import type { TurnOutcome } from '@subagent-mcp/contract'
import type { Agent, AgentEnding, AgentMessage, AgentPhase, CheckedSession, RunningTurn } from './agent.js'
import { closeAgent, endAgent, enqueueMessage, type AgentTransition } from './agent-transition.js'
import { hasAgentEndReport, isAgentResumable } from './agent-view.js'
import { handleIdleSessionLoss } from './reduce-idle.js'
import { appendEndedTurn } from './running-turn.js'
import { isTurnTimerCurrent, computeTurnTimeLeft, createTurnTimeLimitFailure } from './turn-clock.js'
import { beginNextTurn, endAgentTurn, continueAgentAfterTurn } from './turn-steps.js'
import { getMaxRepairTurns } from '../checks/turn-verdict.js'
import type { AgentFact } from '../state/fact.js'
import type { Effect } from '../state/effect.js'

type CheckingPhase = AgentPhase & { status: 'checking' }

/** Begins the check of a completed turn. Callers get no report before its verdict. */
export function beginResultCheck(
  agent: Agent,
  turn: RunningTurn,
  { answer, sessionEnds }: { answer: string; sessionEnds?: true },
): AgentTransition {
  const session: CheckedSession = { state: sessionEnds ? 'closing' : 'open' }
  const checked: Agent = {
    ...agent,
    phase: { status: 'checking', turn: { ...turn, said: answer, writing: '' }, session },
  }
  return [checked, { type: 'check', agent: checked, turnId: turn.id, answer }]
}

/** Handles facts while the result of a completed turn is being checked. */
export function reduceCheckingAgent(agent: Agent, phase: CheckingPhase, fact: AgentFact): AgentTransition {
  const { turn, session } = phase
  const { at } = fact
  switch (fact.type) {
    case 'turn-checked':
      return fact.turnId === turn.id ? onVerdict(agent, phase, fact) : [agent]
    case 'session-event-received':
      return fact.event.type === 'session-closed'
        ? [{ ...agent, phase: { ...phase, session: { state: 'closed', failure: fact.event.failure } } }]
        : [agent]
    case 'message-requested':
      // This includes messages meant for the running turn, which takes no more.
      return [enqueueMessage(agent, fact.message)]
    case 'interrupt-requested': {
      const interrupted = endAgentTurn(agent, turn, { outcome: { type: 'interrupted' }, at })
      return cancelling(agent, settle(interrupted, session, at))
    }
    case 'turn-expired': {
      if (!isTurnTimerCurrent(turn, fact)) return [agent]
      const failed = { type: 'failed', failure: createTurnTimeLimitFailure(agent.profile) } as const
      return cancelling(
        agent,
        end(endAgentTurn(agent, turn, { outcome: failed, at }), phase, { ending: failed, at }),
      )
    }
    case 'stop-requested':
      return endUnreported(agent, phase, { ending: { type: 'stopped', by: fact.by }, at })
    case 'shutdown-requested':
      return endUnreported(agent, phase, { ending: { type: 'interrupted' }, at })
    default:
      return [agent]
  }
}

/** Reports the turn after its verdict, or sends the agent what failed as its next turn, as long as it has tries left. */
function onVerdict(
  agent: Agent,
  { turn, session }: CheckingPhase,
  { verdict, repairId, at }: AgentFact & { type: 'turn-checked' },
): AgentTransition {
  const { check } = verdict
  const completed = { type: 'completed', answer: turn.said } as const
  if (verdict.passed) {
    const outcome = { ...completed, ...(verdict.answer !== undefined && { answer: verdict.answer }) }
    return settle(endAgentTurn(agent, turn, { outcome, at, check }), session, at)
  }
  const repairs = turn.messages[0]?.repair ?? 0
  const unreported = appendEndedTurn(agent, turn, { outcome: completed, at, check })
  const isLost = session.state !== 'open' && !isAgentResumable(unreported)
  if (verdict.final || isLost || repairs >= (getMaxRepairTurns(agent.profile) ?? 0)) {
    const outcome: TurnOutcome = { type: 'failed', failure: { reason: 'rejected', message: verdict.problem } }
    return settle(endAgentTurn(agent, turn, { outcome, at, check }), session, at)
  }
  const feedback: AgentMessage = { id: repairId, text: verdict.feedback, repair: repairs + 1 }
  const repairing = { ...unreported, inbox: [feedback, ...unreported.inbox] }
  if (session.state === 'open') return beginNextTurn(repairing, at, computeTurnTimeLeft(turn, at))
  return settle(repairing, session, at)
}

/** Moves an agent on after its checked turn has ended. A session that closed meanwhile opens again for waiting messages. */
function settle(agent: Agent, session: CheckedSession, at: number): AgentTransition {
  if (session.state === 'open') return continueAgentAfterTurn(agent, at)
  if (session.state === 'closing')
    return [{ ...agent, phase: { status: 'closing', ending: { type: 'closed' } } }]
  // A task keeps its result although its session is lost.
  if (agent.profile.pool) return endAgent(agent, { type: 'closed' }, { at, tell: false })
  return handleIdleSessionLoss(agent, session.failure, at)
}

/** Ends the agent during a check, and keeps the answer. Callers get a report of the agent's end, but none of the turn. */
function endUnreported(
  agent: Agent,
  phase: CheckingPhase,
  { ending, at }: { ending: AgentEnding; at: number },
): AgentTransition {
  const left = appendEndedTurn(agent, phase.turn, { outcome: { type: 'interrupted' }, at })
  return cancelling(agent, end(left, phase, { ending, at }))
}

function end(
  agent: Agent,
  { session }: CheckingPhase,
  { ending, at }: { ending: AgentEnding; at: number },
): AgentTransition {
  return session.state === 'closed'
    ? endAgent(agent, ending, { at, tell: hasAgentEndReport(ending) })
    : closeAgent(agent, ending)
}

/** Adds the effect that ends the running check. */
function cancelling({ profile }: Agent, [next, ...effects]: AgentTransition): AgentTransition {
  const cancel: Effect = { type: 'cancel-check', agentId: profile.id }
  return [next, cancel, ...effects]
}
