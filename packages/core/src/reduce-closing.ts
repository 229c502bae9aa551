import type { Agent, Ending, Phase } from './agent.js'
import { isResumable, isTold, takesMessages } from './agent-view.js'
import { closeEffect, closeFor, endAs, type Step } from './ending.js'
import type { AgentFact } from './fact.js'
import { enqueue } from './inbox.js'

/**
 * What can happen while a session closes. It may open only now: then it is told to close again, or its process would
 * be orphaned.
 */
export function whileClosing(agent: Agent, phase: Phase & { status: 'closing' }, fact: AgentFact): Step {
  switch (fact.type) {
    case 'session-opened':
      return [agent, closeEffect(agent, phase.ending)]
    case 'session-open-failed':
      return onClosed(agent, phase.ending, fact.at)
    case 'session-event-received':
      return fact.event.type === 'session-closed' ? onClosed(agent, phase.ending, fact.at) : [agent]
    case 'message-requested':
      return takesMessages(agent) ? [{ ...enqueue(agent, fact.message), actor: fact.caller }] : [agent]
    case 'stop-requested':
      // What closes to give its memory back was not told to end for good.
      return phase.ending.type === 'closed' ? closeFor(agent, { type: 'stopped', by: fact.by }) : [agent]
    case 'shutdown-requested':
      // Not to be opened again for the message that has come.
      return agent.inbox.length > 0 && phase.ending.type === 'closed'
        ? [{ ...agent, phase: { status: 'closing', ending: { type: 'interrupted' } } }]
        : [agent]
    default:
      return [agent]
  }
}

/** A message that came while an idle session closed opens it again. */
function onClosed(agent: Agent, ending: Ending, at: number): Step {
  if (ending.type === 'closed' && agent.inbox.length > 0) return [{ ...agent, phase: { status: 'queued' } }]
  return endAs(agent, ending, { at, tell: isTold(ending) })
}

/**
 * What can happen to an agent that is no more: a message opens its session again. What waited then was told as lost,
 * and may have been said again since. Where nothing was ever sent there is no session to go on with: it begins anew.
 */
export function whileEnded(agent: Agent, fact: AgentFact): Step {
  if (fact.type !== 'message-requested' || !isResumable(agent)) return [agent]
  const began = agent.turns.length > 0
  return [
    {
      ...agent,
      actor: fact.caller,
      session: began ? agent.session : {},
      inbox: [...(began ? [] : agent.inbox), fact.message],
      phase: { status: 'queued' },
      activity: { ...agent.activity, visibleAt: fact.at },
    },
  ]
}
