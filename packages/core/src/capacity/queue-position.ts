import { computeNeededResources } from './admit-next-waiting-agent.js'
import type { Agent } from '../agent/agent.js'
import type { AgentsState } from '../state/agents-state.js'
import { findMissingResource, computeMachineLoad } from './supervisor-load.js'

/** An agent's position in the queue, 1 for the next, and what it lacks. */
export type QueuePosition = { position: number; lack: string }

/** Returns the agent's place in the queue, or `undefined` where it does not wait for room. */
export function findQueuePosition(state: AgentsState, agent: Agent, now: number): QueuePosition | undefined {
  const index = state.queue.indexOf(agent.profile.id)
  if (index < 0) return undefined
  const lack = state.draining
    ? 'the daemon is stopping'
    : findMissingResource(state, computeNeededResources(agent, state), computeMachineLoad(state, now))?.words
  return { position: index + 1, lack: lack ?? 'others wait before it' }
}
