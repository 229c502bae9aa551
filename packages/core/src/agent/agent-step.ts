import type { Agent, AgentMessage, AgentEnding } from './agent.js'
import type { Effect } from '../state/effect.js'
import { withGrantsFor } from '../questions/parked.js'
import { addReport } from './reports.js'

/** An agent after a fact, and the effects that follow. */
export type AgentStep = readonly [Agent, ...Effect[]]

/** Tells the session to end: a stop kills at once, all else gives the CLI time to end by itself. */
export function closeAgent(agent: Agent, ending: AgentEnding): AgentStep {
  return [{ ...agent, phase: { status: 'closing', ending } }, closeEffect(agent, ending)]
}

/** The effect that ends a session the way its ending asks for. */
export function closeEffect(agent: Agent, ending: AgentEnding): Effect {
  return { type: 'close', agentId: agent.profile.id, mode: ending.type === 'stopped' ? 'kill' : 'graceful' }
}

/** The session is gone. `tell` it, unless the report on its last turn says so already, or it ended unharmed. */
export function endAgent(
  agent: Agent,
  ending: AgentEnding,
  { at, tell }: { at: number; tell: boolean },
): AgentStep {
  const left = withGrantsFor(agent, ending.type === 'stopped' ? [] : agent.inbox)
  const ended: Agent = { ...left, phase: { status: 'ended', ending, at } }
  return [tell ? addReport(ended, { type: 'ending' }) : ended]
}

/** The agent with one more message that waits for a turn of its own. */
export function enqueue(agent: Agent, message: AgentMessage): Agent {
  return { ...agent, inbox: [...agent.inbox, message] }
}
