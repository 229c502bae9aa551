import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import { recordAgentActivity } from './activity.js'
import type { Agent, AgentEnding, PendingApproval } from './agent.js'
import { enqueueMessage, closeAgent, endAgent, type AgentTransition } from './agent-transition.js'
import type { AgentFact, SupervisorFact } from '../state/fact.js'
import { stopAgentOverBudget } from '../budget/stop-agent-over-budget.js'
import { failOverToNextCandidate, openCandidateSession } from './fail-over.js'
import { answerParkedQuestion } from '../questions/parked-questions.js'
import { recoverAgent, reduceClosingAgent, reduceEndedAgent } from './reduce-closing.js'
import { denyQuestionWithoutTurn, isAgentSessionIdle, isApprovalRequestFact } from '../questions/questions.js'
import { reduceIdleAgent, reduceReadyAgent } from './reduce-idle.js'
import { reduceCheckingAgent } from './reduce-checking.js'
import { reduceAgentInTurn } from './reduce-turn.js'
import { beginNextTurn } from './turn-steps.js'
import { createFinalLaunchFailure } from '../launch/launch-route.js'
import { applyWaitTicketFact } from './agent-wait-ticket.js'
import { isDecidedByPolicy } from '../questions/tool-call-ruling.js'

export function createAgent({ profile, route, notes, prompt }: Omit<Launch, 'type' | 'at'>): Agent {
  return {
    profile,
    route,
    notes,
    actor: profile.caller,
    session: {},
    inbox: [prompt],
    turns: [],
    reports: [],
    delivered: {},
    offered: {},
    notified: 0,
    tickets: {},
    activity: { visibleAt: profile.launchedAt, recent: [] },
    parked: [],
    granted: [],
    answered: [],
    phase: { status: 'queued' },
  }
}

type Launch = SupervisorFact & { type: 'launch-requested' }

/** Applies a fact to an agent. A fact that its phase does not expect changes nothing. */
export function reduceAgent(agent: Agent, fact: AgentFact): AgentTransition {
  // Events of a session that is being replaced are ignored.
  const heard =
    fact.type === 'session-event-received' &&
    agent.phase.status !== 'switching' &&
    !isDecidedByPolicy(fact.ruling)
  const noted = heard ? noteEvent(agent, fact.event, fact.at) : agent
  if (fact.type === 'reports-delivered') return [noteDelivered(agent, fact)]
  if (fact.type === 'reports-offered')
    return [{ ...agent, offered: { ...agent.offered, [fact.caller]: fact.upTo } }]
  if (fact.type === 'reports-notified') return [{ ...agent, notified: fact.upTo }]
  if (fact.type === 'ticket-joined' || fact.type === 'ticket-settled')
    return [{ ...agent, tickets: applyWaitTicketFact(agent.tickets, fact) }]
  if (fact.type === 'result-graded') return [withCheck(agent, fact)]
  if (fact.type === 'recovered') return recoverAgent(agent, fact.at)
  if (fact.type === 'budget-spent') return stopAgentOverBudget(agent, fact)
  if (fact.type === 'message-requested' && fact.budget) return withBudget(agent, fact)
  if (isAgentSessionIdle(agent) && isApprovalRequestFact(fact))
    return denyQuestionWithoutTurn(agent, fact.event.requestId)
  const parked =
    fact.type === 'answer-requested' && agent.parked.find(({ requestId }) => requestId === fact.requestId)
  if (parked) return onParkedAnswer(agent, parked, fact)
  switch (noted.phase.status) {
    case 'queued':
      return whileQueued(noted, fact)
    case 'opening':
    case 'switching':
      return whileStarting(noted, fact)
    case 'working':
    case 'waiting-permission':
      return reduceAgentInTurn(noted, noted.phase, fact)
    case 'checking':
      return reduceCheckingAgent(noted, noted.phase, fact)
    case 'idle':
      return reduceIdleAgent(noted, noted.phase, fact)
    case 'ready':
      return reduceReadyAgent(noted, fact)
    case 'closing':
      return reduceClosingAgent(noted, noted.phase, fact)
    case 'ended':
      return reduceEndedAgent(noted, fact)
  }
}

function withCheck(agent: Agent, { turnId, check }: AgentFact & { type: 'result-graded' }): Agent {
  return { ...agent, turns: agent.turns.map((turn) => (turn.id === turnId ? { ...turn, check } : turn)) }
}

/** Applies the answer to a parked question, and sends the agent a message about it. */
function onParkedAnswer(
  agent: Agent,
  question: PendingApproval,
  fact: AgentFact & { type: 'answer-requested' },
): AgentTransition {
  const { agentId, at, notice } = fact
  const answered = answerParkedQuestion(agent, question, fact)
  if (!notice) return [answered]
  return reduceAgent(answered, { type: 'message-requested', at, agentId, steer: false, ...notice })
}

/** Gives the agent a new budget, then delivers the message to it. */
function withBudget(
  agent: Agent,
  { budget, ...message }: AgentFact & { type: 'message-requested' },
): AgentTransition {
  return reduceAgent({ ...agent, profile: { ...agent.profile, ...(budget && { budget }) } }, message)
}

function noteDelivered(agent: Agent, { caller, upTo }: { caller: string; upTo: number }): Agent {
  const received = Math.max(upTo, agent.delivered[caller] ?? 0)
  return { ...agent, delivered: { ...agent.delivered, [caller]: received } }
}

function noteEvent(agent: Agent, event: SessionEvent, at: number): Agent {
  const activity = recordAgentActivity(agent.activity, event, at)
  if (event.type !== 'session-identified') return activity === agent.activity ? agent : { ...agent, activity }
  return {
    ...agent,
    session: { ...agent.session, id: event.sessionId, ...(event.model && { model: event.model }) },
  }
}

function whileQueued(agent: Agent, fact: AgentFact): AgentTransition {
  switch (fact.type) {
    case 'slot-granted':
      return openCandidateSession(agent)
    case 'message-requested':
      return [enqueueMessage(agent, fact.message)]
    case 'stop-requested':
      return endAgent(agent, { type: 'stopped', by: fact.by }, { at: fact.at, tell: true })
    case 'shutdown-requested':
      return endAgent(agent, { type: 'interrupted' }, { at: fact.at, tell: true })
    default:
      return [agent]
  }
}

function whileStarting(agent: Agent, fact: AgentFact): AgentTransition {
  switch (fact.type) {
    case 'session-opened':
      return beginNextTurn(noteOpened(agent, fact), fact.at)
    case 'session-open-failed':
      return onOpenFailed(agent, fact)
    case 'session-event-received':
      // The session of the failed candidate has closed: only now may the next one open.
      return fact.event.type === 'session-closed' ? openCandidateSession(agent) : [agent]
    case 'message-requested':
      return [enqueueMessage(agent, fact.message)]
    case 'stop-requested':
      return closeAgent(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      return closeAgent(agent, { type: 'interrupted' })
    default:
      return [agent]
  }
}

function noteOpened(
  agent: Agent,
  { notes, resumable = false, pid }: AgentFact & { type: 'session-opened' },
): Agent {
  const { pid: _, ...session } = agent.session
  const carried = { ...session, resumable, ...(pid !== undefined && { pid }) }
  return { ...agent, notes: notes ?? agent.notes, session: carried }
}

function onOpenFailed(agent: Agent, { failure, at }: { failure: Failure; at: number }): AgentTransition {
  const ending: AgentEnding = { type: 'failed', failure: createFinalLaunchFailure(agent.route, failure) }
  return (
    failOverToNextCandidate(agent, { failure, at, during: 'opening' }) ??
    endAgent(agent, ending, { at, tell: true })
  )
}
