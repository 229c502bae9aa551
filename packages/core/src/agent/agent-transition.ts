import type { Agent, AgentMessage, AgentEnding } from './agent.js'
import type { Effect } from '../state/effect.js'
import { retainCallGrantsOfInbox } from '../questions/parked-questions.js'
import { addAgentReport } from './reports.js'

/** An agent after a fact, and the effects to run. */
export type AgentTransition = readonly [Agent, ...Effect[]]

/** Moves an agent to `closing` and asks its session to close: with `kill` after a stop, otherwise gracefully. */
export function closeAgent(agent: Agent, ending: AgentEnding): AgentTransition {
  return [{ ...agent, phase: { status: 'closing', ending } }, createCloseSessionEffect(agent, ending)]
}

/** The effect that closes the agent's session, with the mode that its ending asks for. */
export function createCloseSessionEffect(agent: Agent, ending: AgentEnding): Effect {
  return { type: 'close', agentId: agent.profile.id, mode: ending.type === 'stopped' ? 'kill' : 'graceful' }
}

/**
 * Moves an agent to `ended`, after its session has closed. `tell` adds a report of the end. It is false if the report on the
 * last turn already names the end, or if the agent had no work.
 */
export function endAgent(
  agent: Agent,
  ending: AgentEnding,
  { at, tell }: { at: number; tell: boolean },
): AgentTransition {
  const left = retainCallGrantsOfInbox(agent, ending.type === 'stopped' ? [] : agent.inbox)
  const ended: Agent = { ...left, phase: { status: 'ended', ending, at } }
  return [tell ? addAgentReport(ended, (number) => ({ type: 'ending', number })) : ended]
}

/** Appends a message to the agent's inbox, where it waits for a turn of its own. */
export function enqueueMessage(agent: Agent, message: AgentMessage): Agent {
  return { ...agent, inbox: [...agent.inbox, message] }
}
