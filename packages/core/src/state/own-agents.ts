import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import type { CallerState, ChildProcess, AgentsState } from './agents-state.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** Who looks at agents: a connection by its id, or a program that makes one request and has none. */
export type Viewer = Pick<CallerState, 'depth' | 'process'> & { caller?: string }

/**
 * Decides whether an agent is a viewer's to see, to wait for, to answer and to end. A host has all agents of its user. An
 * agent has those that it launched and those that these launched, because the answers and questions of all others may hold what was
 * said to them alone. It launched an agent by the same connection, or from the same process, or from any process that its
 * session was in. Sessions that share a process cannot be told apart from outside, so they have the same agents.
 */
export function ownAgentFilter(
  fleet: AgentsState,
  { caller, depth, process }: Viewer,
): (agent: Agent) => boolean {
  if (depth === 0) return () => true
  const names = process ? originNames(fleet, process) : []
  const isOwnAgent = ({ profile }: Agent): boolean =>
    profile.caller === caller || (profile.origin ?? []).some((name) => names.includes(name) || isOwnId(name))
  const isOwnId = (name: string): boolean => {
    const launcher = fleet.agents.get(name)
    return launcher !== undefined && isOwnAgent(launcher)
  }
  return isOwnAgent
}

/** The names under which a process is known later: its mark, and the ids of the agents whose sessions it carries now. */
export function originNames({ open }: AgentsState, { mark, pid }: ChildProcess): readonly string[] {
  const inside = ({ session, phase }: Agent): boolean =>
    session.pid === pid && phase.status !== 'queued' && phase.status !== 'opening'
  return [mark, ...(pid === undefined ? [] : [...open.filter(inside).keys()])]
}

/** Whether an agent is a connection's own. A connection that is gone has what it launched. */
export function isOwn(fleet: AgentsState, caller: string, agent: Agent): boolean {
  return ownAgentFilter(fleet, viewerOf(fleet, caller))(agent)
}

/** The agents that are a caller's, in the order of their launch. */
export function ownAgents(fleet: AgentsState, caller: string): readonly Agent[] {
  return [...fleet.agents.values()].filter(ownAgentFilter(fleet, viewerOf(fleet, caller)))
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

function viewerOf({ callers }: AgentsState, caller: string): Viewer {
  return { caller, ...(callers.get(caller) ?? { depth: Infinity }) }
}

/** An error that names ids of agents which exist, the newest. */
export function unknownAgent(id: string, known: readonly string[]): SubagentError {
  const hint =
    known.length > 0 ? `agents are ${known.slice(-20).join(', ')}` : 'none has been launched: launch_agent'
  return new SubagentError('unknown-agent', `no agent '${id}'`, { hint })
}
