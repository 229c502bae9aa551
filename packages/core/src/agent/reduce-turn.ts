import type { Failure, SessionEvent, TurnOutcome } from '@subagent-mcp/contract'
import type { Agent, AgentEnding, AgentPhaseInTurn, RunningTurn } from './agent.js'
import { closeAgent, endAgent, type AgentTransition } from './agent-transition.js'
import { findOverBudgetEnding } from '../budget/stop-agent-over-budget.js'
import { decideUsageLimitEnding } from '../limits/decide-usage-limit-ending.js'
import type { UsageLimitEnding } from '../limits/usage-limit-ending.js'
import { createSendMessageEffect } from '../state/effect.js'
import type { AgentFact } from '../state/fact.js'
import {
  failOverToNextCandidate,
  isAgentLaunching,
  isRetryHopeless,
  shouldFailOverOnRetry,
} from './fail-over.js'
import { getMaxRepairTurns } from '../checks/turn-verdict.js'
import { createFinalLaunchFailure } from '../launch/launch-route.js'
import { parkQuestions } from '../questions/parked-questions.js'
import { beginResultCheck } from './reduce-checking.js'
import { listPendingApprovals } from './reports.js'
import { applyEventToTurn, appendEndedTurn } from './running-turn.js'
import { endAgentTurn, continueAgentAfterTurn } from './turn-steps.js'
import {
  addQuestionToTurn,
  applyQuestionAnswer,
  handleExpiredQuestion,
  handleQuestionPassedByUser,
  markQuestionShown,
  removeWithdrawnQuestion,
} from '../questions/questions.js'
import { isTurnTimerCurrent, createTurnTimeLimitFailure } from './turn-clock.js'

/** Handles facts while a turn runs, also while it waits for a permission. */
export function reduceAgentInTurn(agent: Agent, phase: AgentPhaseInTurn, fact: AgentFact): AgentTransition {
  switch (fact.type) {
    case 'session-event-received':
      return onEvent(agent, { ...phase, turn: applyEventToTurn(phase.turn, fact.event, fact.at) }, fact)
    case 'message-requested':
      return onMessage(agent, phase, fact)
    case 'answer-requested':
      return applyQuestionAnswer(agent, phase, fact)
    case 'question-expired':
      return handleExpiredQuestion(agent, phase, fact)
    case 'question-shown':
      return markQuestionShown(agent, phase, fact)
    case 'question-passed':
      return handleQuestionPassedByUser(agent, phase, fact)
    case 'interrupt-requested':
      return [agent, { type: 'send', agentId: agent.profile.id, command: { type: 'interrupt' } }]
    case 'turn-expired':
      return isTurnTimerCurrent(phase.turn, fact)
        ? failTurnAndClose(agent, phase.turn, {
            failure: createTurnTimeLimitFailure(agent.profile),
            at: fact.at,
          })
        : [agent]
    case 'stop-requested':
      return endMidTurn(agent, phase.turn, { ending: { type: 'stopped', by: fact.by }, at: fact.at })
    case 'shutdown-requested':
      return endMidTurn(agent, phase.turn, { ending: { type: 'interrupted' }, at: fact.at })
    default:
      return [agent]
  }
}

function onEvent(
  agent: Agent,
  phase: AgentPhaseInTurn,
  { event, at, ruling }: Pick<EventFact, 'event' | 'at' | 'ruling'>,
): AgentTransition {
  switch (event.type) {
    case 'turn-ended':
      return event.turnId === phase.turn.id ? onTurnEnded(agent, phase.turn, { ...event, at }) : [agent]
    case 'approval-requested':
      return addQuestionToTurn(agent, phase, { event, at, ...(ruling && { ruling }) })
    case 'approval-withdrawn':
      return removeWithdrawnQuestion(agent, phase, event.requestId, at)
    case 'retry-announced':
      return onRetry(agent, phase, { event, at })
    case 'session-closed': {
      const failure = findOverBudgetEnding(phase.turn, agent.profile.id)?.failure ?? event.failure ?? lostTurn
      const moved = failOverToNextCandidate(agent, { failure, at, during: 'closing' })
      if (moved) return moved
      const failed = { type: 'failed', failure: withAllCandidates(agent, failure) } as const
      return endAgent(endAgentTurn(agent, phase.turn, { outcome: failed, at }), failed, { at, tell: false })
    }
    default:
      return [{ ...agent, phase }]
  }
}

type EventFact = AgentFact & { type: 'session-event-received' }

/** Handles a retry that the CLI announces. The turn fails if no retry can succeed, because a CLI may retry for minutes. */
function onRetry(
  agent: Agent,
  phase: AgentPhaseInTurn,
  { event, at }: { event: SessionEvent & { type: 'retry-announced' }; at: number },
): AgentTransition {
  const { failure } = event
  const moved = shouldFailOverOnRetry(event)
    ? failOverToNextCandidate(agent, { failure, at, during: 'retry' })
    : undefined
  if (moved) return moved
  if (!isRetryHopeless(event)) return [{ ...agent, phase }]
  return failTurnAndClose(agent, phase.turn, { failure: withAllCandidates(agent, failure), at })
}

/** Ends an agent's running turn as failed and closes the session. */
function failTurnAndClose(
  agent: Agent,
  turn: RunningTurn,
  { failure, at }: { failure: Failure; at: number },
): AgentTransition {
  const failed = { type: 'failed', failure } as const
  return closeAgent(endAgentTurn(agent, turn, { outcome: failed, at }), failed)
}

function onTurnEnded(
  agent: Agent,
  turn: RunningTurn,
  end: { outcome: TurnOutcome; sessionEnds?: true; at: number },
): AgentTransition {
  const { outcome, at } = end
  if (outcome.type === 'completed' && getMaxRepairTurns(agent.profile) !== undefined)
    return beginResultCheck(agent, turn, { answer: outcome.answer, ...end })
  const spent = findOverBudgetEnding(turn, agent.profile.id)
  if (spent && (outcome.type !== 'completed' || agent.inbox.length > 0)) {
    const ended = endAgentTurn(agent, turn, { outcome: outcome.type === 'completed' ? outcome : spent, at })
    return closeAgent(ended, spent)
  }
  if (outcome.type !== 'failed') return onTurnOver(agent, turn, end)
  const moved = failOverToNextCandidate(agent, { failure: outcome.failure, at, during: 'turn' })
  if (moved) return moved
  const rest = decideUsageLimitEnding(agent, turn, { failure: outcome.failure, at })
  if (rest) return restAgent(agent, turn, { rest, outcome, at, sessionEnds: end.sessionEnds === true })
  const failure = withAllCandidates(agent, outcome.failure)
  // A caller that left the choice to the routing table has no use for the session of the last failed candidate.
  if (isAgentLaunching(agent) && !agent.route.pinned) return failTurnAndClose(agent, turn, { failure, at })
  return onTurnOver(agent, turn, { ...end, outcome: { type: 'failed', failure } })
}

/** Ends a turn without a report, and closes the session of an agent that goes on by itself. */
function restAgent(
  agent: Agent,
  turn: RunningTurn,
  {
    rest,
    sessionEnds,
    ...end
  }: { rest: UsageLimitEnding; sessionEnds: boolean; outcome: TurnOutcome; at: number },
): AgentTransition {
  const resting = appendEndedTurn(agent, turn, end)
  return sessionEnds
    ? [{ ...resting, phase: { status: 'closing', ending: rest } }]
    : closeAgent(resting, rest)
}

/** Ends the turn. If the session ended with the turn, waiting messages stay undelivered. */
function onTurnOver(
  agent: Agent,
  turn: RunningTurn,
  { outcome, sessionEnds, at }: { outcome: TurnOutcome; sessionEnds?: true; at: number },
): AgentTransition {
  const settled = endAgentTurn(agent, turn, { outcome, at })
  if (!sessionEnds) return continueAgentAfterTurn(settled, at)
  const ending: AgentEnding = outcome.type === 'failed' ? outcome : { type: 'closed' }
  return [{ ...settled, phase: { status: 'closing', ending } }]
}

const lostTurn: Failure = {
  reason: 'protocol',
  message: 'the session closed without an answer to the running turn',
}

/** Adds the failures of all tried candidates to the failure of a launch. */
function withAllCandidates(agent: Agent, failure: Failure): Failure {
  return isAgentLaunching(agent) ? createFinalLaunchFailure(agent.route, failure) : failure
}

/** Queues a message to an agent for a turn of its own, or adds it to the running turn (steers). */
function onMessage(
  agent: Agent,
  phase: AgentPhaseInTurn,
  fact: AgentFact & { type: 'message-requested' },
): AgentTransition {
  const { message, steer } = fact
  if (!steer) return [{ ...agent, inbox: [...agent.inbox, message] }]
  const command = { type: 'steer', messageId: message.id, text: message.text } as const
  const turn = { ...phase.turn, messages: [...phase.turn.messages, message] }
  return [
    { ...agent, phase: { ...phase, turn } },
    createSendMessageEffect(agent.profile.id, command, message),
  ]
}

/** Ends the agent during a turn and keeps the turn's text. Callers get a report of the agent's end, but none of the turn. */
function endMidTurn(
  agent: Agent,
  turn: RunningTurn,
  end: { ending: AgentEnding; at: number },
): AgentTransition {
  // A person may still answer after the daemon has ended.
  const left = end.ending.type === 'interrupted' ? parkQuestions(agent, listPendingApprovals(agent)) : agent
  return closeAgent(appendEndedTurn(left, turn, { outcome: { type: 'interrupted' }, at: end.at }), end.ending)
}
