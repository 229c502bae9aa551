import type { Agent, Ending } from './agent.js'
import type { Effect } from '../state/effect.js'
import { withGrantsFor } from '../questions/parked.js'
import { addReport } from './reports.js'

/** An agent after a fact, and the effects that follow. */
export type Step = readonly [Agent, ...Effect[]]

/** Tells the session to end: a stop kills at once, all else gives the CLI time to end by itself. */
export function closeFor(agent: Agent, ending: Ending): Step {
  return [{ ...agent, phase: { status: 'closing', ending } }, closeEffect(agent, ending)]
}

/** The effect that ends a session the way its ending asks for. */
export function closeEffect(agent: Agent, ending: Ending): Effect {
  return { type: 'close', agentId: agent.profile.id, mode: ending.type === 'stopped' ? 'kill' : 'graceful' }
}

/** The session is gone. `tell` it, unless the report on its last turn says so already, or it ended unharmed. */
export function endAs(agent: Agent, ending: Ending, { at, tell }: { at: number; tell: boolean }): Step {
  const left = withGrantsFor(agent, ending.type === 'stopped' ? [] : agent.inbox)
  const ended: Agent = { ...left, phase: { status: 'ended', ending, at } }
  return [tell ? addReport(ended, { type: 'ending' }) : ended]
}
