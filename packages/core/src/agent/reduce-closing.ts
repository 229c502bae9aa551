import type { Agent, AgentEnding, Phase } from './agent.js'
import { isInTurn, isResumable, hasOwnReport, willReopen, takesMessages } from './agent-view.js'
import { closeEffect, closeAgent, endAgent, type AgentStep } from './agent-step.js'
import { withInterruptedTurn } from './running-turn.js'
import { pendingApprovals } from './reports.js'
import type { AgentFact } from '../state/fact.js'
import { parkQuestions, withGrantsFor } from '../questions/parked.js'

/**
 * What can happen while a session closes. It may open only now: then it is told to close again, or its process would
 * be orphaned.
 */
export function whileClosing(agent: Agent, phase: Phase & { status: 'closing' }, fact: AgentFact): AgentStep {
  switch (fact.type) {
    case 'session-opened':
      return [agent, closeEffect(agent, phase.ending)]
    case 'session-open-failed':
      return onClosed(agent, phase.ending, fact.at)
    case 'session-event-received':
      return fact.event.type === 'session-closed' ? onClosed(agent, phase.ending, fact.at) : [agent]
    case 'message-requested':
      return takesMessages(agent) ? [reopenFor(agent, fact)] : [agent]
    case 'stop-requested':
      return phase.ending.type === 'stopped' ? [agent] : closeAgent(agent, { type: 'stopped', by: fact.by })
    case 'shutdown-requested':
      // Not to be opened again for the message that has come.
      return willReopen(agent)
        ? [{ ...agent, phase: { status: 'closing', ending: { type: 'interrupted' } } }]
        : [agent]
    default:
      return [agent]
  }
}

/** What waited in a session that failed has been told as lost; what waits for the new one goes before this message. */
function reopenFor(agent: Agent, fact: AgentFact & { type: 'message-requested' }): Agent {
  const inbox = [...(willReopen(agent) ? agent.inbox : []), fact.message]
  const phase = { status: 'closing', ending: { type: 'closed' } } as const
  return { ...withGrantsFor(ledBy(agent, fact), inbox), inbox, phase }
}

/** Whose message it is opens the session, in its own environment, with no more than it can give. */
function ledBy(agent: Agent, { caller, authority }: AgentFact & { type: 'message-requested' }): Agent {
  return { ...agent, actor: caller, profile: { ...agent.profile, ...(authority && { authority }) } }
}

/** A message that came while the session closed opens it again. */
function onClosed(agent: Agent, ending: AgentEnding, at: number): AgentStep {
  if (willReopen(agent)) return [{ ...agent, phase: { status: 'queued' } }]
  return endAgent(agent, ending, { at, tell: hasOwnReport(ending) })
}

/**
 * What can happen to an agent that is no more: a message opens its session again. What waited then was told as lost,
 * and may have been said again since. Where nothing was ever sent there is no session to go on with: it begins anew.
 */
export function whileEnded(agent: Agent, fact: AgentFact): AgentStep {
  if (fact.type !== 'message-requested' || !isResumable(agent)) return [agent]
  const began = agent.turns.length > 0
  const inbox = [...(began ? [] : agent.inbox), fact.message]
  return [
    {
      ...withGrantsFor(ledBy(agent, fact), inbox),
      session: began ? agent.session : {},
      inbox,
      phase: { status: 'queued' },
      activity: { ...agent.activity, visibleAt: fact.at },
    },
  ]
}

/** An agent whose supervisor died, and with it every process: what it was about is interrupted, and on record. */
export function recoverAgent(agent: Agent, at: number): AgentStep {
  const { phase } = agent
  if (phase.status === 'ended') return [agent]
  const ending = endingOf(agent, phase)
  const parked = parkQuestions(agent, pendingApprovals(agent))
  const left = isInTurn(phase) ? withInterruptedTurn(parked, phase.turn, at) : agent
  return endAgent(left, ending, { at, tell: hasOwnReport(ending) })
}

function endingOf(agent: Agent, phase: Exclude<Agent['phase'], { status: 'ended' }>): AgentEnding {
  if (phase.status === 'closing' && !willReopen(agent)) return phase.ending
  return { type: phase.status === 'idle' ? 'closed' : 'interrupted' }
}
