import type { Failure } from '@subagent-mcp/contract'
import type { Agent, AgentPhase } from './agent.js'
import { isAgentResumable } from './agent-view.js'
import { enqueueMessage, closeAgent, endAgent, type AgentTransition } from './agent-transition.js'
import type { AgentFact } from '../state/fact.js'
import { beginNextTurn } from './turn-steps.js'

/** Handles facts while the agent's session is open, no turn runs and no message waits. */
export function reduceIdleAgent(
  agent: Agent,
  phase: AgentPhase & { status: 'idle' },
  fact: AgentFact,
): AgentTransition {
  switch (fact.type) {
    case 'message-requested':
      return [{ ...enqueueMessage(agent, fact.message), actor: fact.caller, phase: { status: 'ready' } }]
    case 'idle-expired':
      return isAgentResumable(agent) && (fact.since ?? phase.since) === phase.since
        ? closeAgent(agent, { type: 'closed' })
        : [agent]
    case 'release-requested':
      return closeAgent(agent, { type: 'closed' })
    default:
      return whileOpen(agent, fact)
  }
}

/** Handles facts of an agent that has an open session and a message, and waits for room for the turn. */
export function reduceReadyAgent(agent: Agent, fact: AgentFact): AgentTransition {
  switch (fact.type) {
    case 'slot-granted':
      return beginNextTurn(agent, fact.at)
    case 'message-requested':
      return [enqueueMessage(agent, fact.message)]
    case 'shutdown-requested':
      return closeAgent(agent, { type: 'interrupted' })
    case 'session-event-received':
      return fact.event.type === 'session-closed'
        ? handleIdleSessionLoss(agent, fact.event.failure, fact.at)
        : [agent]
    default:
      return whileOpen(agent, fact)
  }
}

/** Handles a session that closed while no turn ran: opens it again for a waiting message, if possible. */
export function handleIdleSessionLoss(
  agent: Agent,
  failure: Failure | undefined,
  at: number,
): AgentTransition {
  if (agent.inbox.length === 0) return endIdle(agent, failure, at)
  if (isAgentResumable(agent)) return [{ ...agent, phase: { status: 'queued' } }]
  const lost: Failure = { reason: 'protocol', message: 'the session closed before its message was sent' }
  return endAgent(agent, { type: 'failed', failure: failure ?? lost }, { at, tell: true })
}

function whileOpen(agent: Agent, fact: AgentFact): AgentTransition {
  switch (fact.type) {
    case 'stop-requested':
      return closeAgent(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      return closeAgent(agent, { type: 'closed' })
    case 'session-event-received':
      return fact.event.type === 'session-closed'
        ? handleIdleSessionLoss(agent, fact.event.failure, fact.at)
        : [agent]
    default:
      return [agent]
  }
}

function endIdle(agent: Agent, failure: Failure | undefined, at: number): AgentTransition {
  const tell = failure !== undefined
  return endAgent(agent, failure ? { type: 'failed', failure } : { type: 'closed' }, { at, tell })
}
