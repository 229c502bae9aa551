import type { Agent } from './agent.js'
import type { Fleet } from './fleet.js'
import { unknownAgent } from './launch.js'
import type { Supervisor } from './supervisor.js'

/**
 * Whether an agent is a caller's to see, to wait for, to answer and to end. A host has all agents of its user. An agent that
 * is a caller itself has those that it launched: what others do, or ask, is none of its business, and their answers and
 * questions may hold what was said to them alone.
 */
export function isOwn({ callers }: Fleet, caller: string, { profile }: Agent): boolean {
  return profile.caller === caller || callers.get(caller)?.depth === 0
}

/** The agents that are a caller's, in the order of their launch. */
export function ownAgents(fleet: Fleet, caller: string): readonly Agent[] {
  return [...fleet.agents.values()].filter((agent) => isOwn(fleet, caller, agent))
}

/** @throws SubagentError `unknown-agent`, which names the ids that are the caller's, also for an agent that is another's */
export function findOwnAgent({ fleet }: Pick<Supervisor, 'fleet'>, caller: string, id: string): Agent {
  const agent = fleet().agents.get(id)
  if (agent && isOwn(fleet(), caller, agent)) return agent
  throw unknownAgent(
    id,
    ownAgents(fleet(), caller).map(({ profile }) => profile.id),
  )
}
