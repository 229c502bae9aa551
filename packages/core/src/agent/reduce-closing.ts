import type { Agent, AgentEnding, AgentPhase } from './agent.js'
import {
  isAgentInTurn,
  isAgentResumable,
  hasAgentEndReport,
  willAgentSessionReopen,
  doesAgentAcceptMessages,
} from './agent-view.js'
import { createCloseSessionEffect, closeAgent, endAgent, type AgentTransition } from './agent-transition.js'
import { findUsageLimitEnding, type UsageLimitEnding } from '../limits/usage-limit-ending.js'
import { appendEndedTurn } from './running-turn.js'
import { listPendingApprovals } from './reports.js'
import type { AgentFact } from '../state/fact.js'
import { parkQuestions, retainCallGrantsOfInbox } from '../questions/parked-questions.js'

/**
 * Handles facts while a session closes. A session that finishes opening in this phase is closed, because its process would stay.
 */
export function reduceClosingAgent(
  agent: Agent,
  phase: AgentPhase & { status: 'closing' },
  fact: AgentFact,
): AgentTransition {
  switch (fact.type) {
    case 'session-opened':
      return [agent, createCloseSessionEffect(agent, phase.ending)]
    case 'session-open-failed':
      return onClosed(agent, phase.ending, fact.at)
    case 'session-event-received':
      return fact.event.type === 'session-closed' ? onClosed(agent, phase.ending, fact.at) : [agent]
    case 'message-requested':
      return doesAgentAcceptMessages(agent) ? [reopenFor(agent, fact)] : [agent]
    case 'stop-requested':
      return phase.ending.type === 'stopped' ? [agent] : closeAgent(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      // A shutdown cancels the reopening that a message has asked for.
      return willAgentSessionReopen(agent)
        ? [{ ...agent, phase: { status: 'closing', ending: { type: 'interrupted' } } }]
        : [agent]
    default:
      return [agent]
  }
}

/**
 * Reopens the session for a message. Messages that waited when the session failed were reported as lost, and are dropped.
 * Messages that arrived after the failure come first.
 */
function reopenFor(agent: Agent, fact: AgentFact & { type: 'message-requested' }): Agent {
  const inbox = [
    ...(willAgentSessionReopen(agent) || findUsageLimitEnding(agent) ? agent.inbox : []),
    fact.message,
  ]
  const phase = { status: 'closing', ending: { type: 'closed' } } as const
  return { ...retainCallGrantsOfInbox(ledBy(agent, fact), inbox), inbox, phase }
}

/** Gives the next session the environment of the message's caller, and no more authority than that caller has. */
function ledBy(agent: Agent, { caller, authority }: AgentFact & { type: 'message-requested' }): Agent {
  return { ...agent, actor: caller, profile: { ...agent.profile, ...(authority && { authority }) } }
}

function onClosed(agent: Agent, ending: AgentEnding, at: number): AgentTransition {
  if (willAgentSessionReopen(agent)) return [{ ...agent, phase: { status: 'queued' } }]
  return endAgent(agent, ending, { at, tell: hasAgentEndReport(ending) })
}

/**
 * Handles facts after the agent's end: a message opens the session again. Messages that waited at the end were reported as
 * lost, and are dropped. Only an agent that never had a turn keeps them, and starts a new session.
 */
export function reduceEndedAgent(agent: Agent, fact: AgentFact): AgentTransition {
  const rest = findUsageLimitEnding(agent)
  if (rest && fact.type === 'limit-passed') return [continueAfter(agent, rest, fact)]
  if (rest && fact.type === 'stop-requested')
    return endAgent(agent, { type: 'stopped', by: fact.by }, { at: fact.at, tell: true })
  if (fact.type !== 'message-requested' || !isAgentResumable(agent)) return [agent]
  const began = agent.turns.length > 0
  const inbox = [...(began && !rest ? [] : agent.inbox), fact.message]
  return [
    {
      ...retainCallGrantsOfInbox(ledBy(agent, fact), inbox),
      session: began ? agent.session : {},
      inbox,
      phase: { status: 'queued' },
      activity: { ...agent.activity, visibleAt: fact.at },
    },
  ]
}

/** Continues an agent that rested: in its session, or on the next candidate of its route in a new one. */
function continueAfter(
  agent: Agent,
  { route }: UsageLimitEnding,
  { message, caller, at }: AgentFact & { type: 'limit-passed' },
): Agent {
  return {
    ...agent,
    ...(route && { route, session: {}, notes: [] }),
    actor: caller,
    inbox: [message, ...agent.inbox],
    phase: { status: 'queued' },
    activity: { ...agent.activity, visibleAt: at },
  }
}

/** Ends an agent whose supervisor has died: its turn counts as interrupted, its questions are parked. */
export function recoverAgent(agent: Agent, at: number): AgentTransition {
  const { phase } = agent
  if (phase.status === 'ended') return [agent]
  const ending = endingOf(agent, phase)
  const parked = parkQuestions(agent, listPendingApprovals(agent))
  const left = isAgentInTurn(phase)
    ? appendEndedTurn(parked, phase.turn, { outcome: { type: 'interrupted' }, at })
    : agent
  return endAgent(left, ending, { at, tell: hasAgentEndReport(ending) })
}

function endingOf(agent: Agent, phase: Exclude<Agent['phase'], { status: 'ended' }>): AgentEnding {
  if (phase.status === 'closing' && !willAgentSessionReopen(agent)) return phase.ending
  return { type: phase.status === 'idle' ? 'closed' : 'interrupted' }
}
