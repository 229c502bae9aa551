import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import { noteActivity } from './activity.js'
import { isTold } from './agent-view.js'
import type { Agent, Ending, Message, Phase } from './agent.js'
import type { AgentFact, FleetFact } from './fact.js'
import { failOver, openCandidate } from './fail-over.js'
import { finalFailure } from './route.js'
import { closeEffect, closeFor, endAs, type Step } from './ending.js'
import { beginNextTurn, whileInTurn } from './reduce-turn.js'

/** An agent that has just been asked for. */
export function newAgent({ profile, route, notes, prompt }: Omit<Launch, 'type' | 'at'>): Agent {
  return {
    profile,
    route,
    notes,
    session: {},
    inbox: [prompt],
    turns: [],
    reports: [],
    activity: { visibleAt: profile.launchedAt, recent: [] },
    phase: { status: 'queued' },
  }
}

type Launch = FleetFact & { type: 'launch-requested' }

/** What a fact makes of an agent, and what is to be done then. A fact that cannot happen now changes nothing. */
export function reduceAgent(agent: Agent, fact: AgentFact): Step {
  // What a session says that is being given up is of no interest.
  const heard = fact.type === 'session-event-received' && agent.phase.status !== 'switching'
  const noted = heard ? noteEvent(agent, fact.event, fact.at) : agent
  switch (noted.phase.status) {
    case 'queued':
      return whileQueued(noted, fact)
    case 'opening':
    case 'switching':
      return whileStarting(noted, fact)
    case 'working':
    case 'waiting-permission':
      return whileInTurn(noted, noted.phase, fact)
    case 'idle':
      return whileIdle(noted, fact)
    case 'closing':
      return whileClosing(noted, noted.phase, fact)
    case 'ended':
      return [noted]
  }
}

function noteEvent(agent: Agent, event: SessionEvent, at: number): Agent {
  const activity = noteActivity(agent.activity, event, at)
  if (event.type !== 'session-identified') return activity === agent.activity ? agent : { ...agent, activity }
  return {
    ...agent,
    session: { ...agent.session, id: event.sessionId, ...(event.model && { model: event.model }) },
  }
}

function whileQueued(agent: Agent, fact: AgentFact): Step {
  switch (fact.type) {
    case 'slot-granted':
      return openCandidate(agent)
    case 'message-requested':
      return [enqueue(agent, fact.message)]
    case 'stop-requested':
      return endAs(agent, { type: 'stopped', by: fact.by }, { at: fact.at, tell: true })
    case 'shutdown-requested':
      return endAs(agent, { type: 'interrupted' }, { at: fact.at, tell: true })
    default:
      return [agent]
  }
}

function whileStarting(agent: Agent, fact: AgentFact): Step {
  switch (fact.type) {
    case 'session-opened':
      return beginNextTurn({ ...agent, notes: fact.notes ?? agent.notes }, fact.at)
    case 'session-open-failed':
      return onOpenFailed(agent, fact)
    case 'session-event-received':
      // Of a candidate that is being left: only now may the next one open.
      return fact.event.type === 'session-closed' ? openCandidate(agent) : [agent]
    case 'message-requested':
      return [enqueue(agent, fact.message)]
    case 'stop-requested':
      return closeFor(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      return closeFor(agent, { type: 'interrupted' })
    default:
      return [agent]
  }
}

function onOpenFailed(agent: Agent, { failure, at }: { failure: Failure; at: number }): Step {
  const ending: Ending = { type: 'failed', failure: finalFailure(agent.route, failure) }
  return failOver(agent, { failure, at, during: 'opening' }) ?? endAs(agent, ending, { at, tell: true })
}

function whileIdle(agent: Agent, fact: AgentFact): Step {
  switch (fact.type) {
    case 'message-requested':
      return beginNextTurn(enqueue(agent, fact.message), fact.at)
    case 'stop-requested':
      return closeFor(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      return closeFor(agent, { type: 'closed' })
    case 'session-event-received':
      return fact.event.type === 'session-closed' ? endIdle(agent, fact.event.failure, fact.at) : [agent]
    default:
      return [agent]
  }
}

function endIdle(agent: Agent, failure: Failure | undefined, at: number): Step {
  const tell = failure !== undefined
  return endAs(agent, failure ? { type: 'failed', failure } : { type: 'closed' }, { at, tell })
}

/** The session may open only now: then it is told to close again, or its process would be orphaned. */
function whileClosing(agent: Agent, phase: Phase & { status: 'closing' }, fact: AgentFact): Step {
  switch (fact.type) {
    case 'session-opened':
      return [agent, closeEffect(agent, phase.ending)]
    case 'session-open-failed':
      return endAs(agent, phase.ending, { at: fact.at, tell: isTold(phase.ending) })
    case 'session-event-received':
      return fact.event.type === 'session-closed'
        ? endAs(agent, phase.ending, { at: fact.at, tell: isTold(phase.ending) })
        : [agent]
    default:
      return [agent]
  }
}

function enqueue(agent: Agent, message: Message): Agent {
  return { ...agent, inbox: [...agent.inbox, message] }
}
