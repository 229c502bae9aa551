import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import type { CallerState, ChildProcess, AgentsState } from './agents-state.js'
import { matchAgentByWord } from './match-agent-by-word.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** The caller that looks at agents: a connection, or a program that embeds the runtime. */
export type AgentViewer = Pick<CallerState, 'depth' | 'process'> & { caller?: string }

/**
 * Returns a function that decides whether an agent belongs to a viewer. The viewer may see such an agent, wait for it, answer it
 * and end it. All agents of a user belong to each of the user's hosts. To an agent belong only those that it launched, directly or
 * through other agents, because answers and questions of others may be confidential. Its launches are recognized by connection,
 * by process, and by the sessions that ran in that process. Sessions that share a process cannot be distinguished, so they have
 * the same agents.
 */
export function createAgentFilterForViewer(
  state: AgentsState,
  { caller, depth, process }: AgentViewer,
): (agent: Agent) => boolean {
  if (depth === 0) return () => true
  const names = process ? listLaunchOriginNames(state, process) : []
  const isOwnAgent = ({ profile }: Agent): boolean =>
    profile.caller === caller || (profile.origin ?? []).some((name) => names.includes(name) || isOwnId(name))
  const isOwnId = (name: string): boolean => {
    const launcher = state.agents.get(name)
    return launcher !== undefined && isOwnAgent(launcher)
  }
  return isOwnAgent
}

/** Names by which a launching process is recognized later: the process mark, and the ids of the agents that run in the process. */
export function listLaunchOriginNames({ open }: AgentsState, { mark, pid }: ChildProcess): readonly string[] {
  const inside = ({ session, phase }: Agent): boolean =>
    session.pid === pid && phase.status !== 'queued' && phase.status !== 'opening'
  return [mark, ...(pid === undefined ? [] : [...open.filter(inside).keys()])]
}

/** The provider of a calling agent or host; `undefined` if it is not known. */
export function findCallerProvider(state: AgentsState, caller: string): string | undefined {
  const { process, vendor } = state.callers.get(caller) ?? {}
  const inside = process ? listLaunchOriginNames(state, process) : []
  const [agent] = inside.flatMap((name) => state.agents.get(name) ?? [])
  return agent?.route.current.provider ?? vendor
}

/** Whether an agent belongs to a caller. Agents still belong to a caller that has disconnected. */
export function isAgentOfCaller(state: AgentsState, caller: string, agent: Agent): boolean {
  return createAgentFilterForViewer(state, viewerOf(state, caller))(agent)
}

/** The agents of a caller, by default among all agents, in launch order. */
export function listAgentsOfCaller(
  state: AgentsState,
  caller: string,
  among: AgentsState['agents'] = state.agents,
): readonly Agent[] {
  return [...among.values()].filter(createAgentFilterForViewer(state, viewerOf(state, caller)))
}

/** `strictly`: a name that several agents have is refused. Default: it names the only one of these agents that has not ended. */
export type FindAgentOptions = { strictly?: boolean }

/**
 * Finds an agent of the caller, by its id or its name. Hosts name only agents of their own project.
 * @throws SubagentError `unknown-agent` that lists the caller's ids, `ambiguous-agent`
 */
export function findAgentOfCaller(
  { state }: Pick<Supervisor, 'state'>,
  caller: string,
  word: string,
  options: FindAgentOptions = {},
): Agent {
  const agent = state().agents.get(word)
  if (agent && isAgentOfCaller(state(), caller, agent)) return agent
  const { project, depth } = state().callers.get(caller) ?? { depth: Infinity }
  const own = listAgentsOfCaller(state(), caller)
  const near = own.filter(({ profile }) => depth > 0 || profile.project === project)
  const named = findNamedAgent(near, word, options)
  if (named) return named
  throw createUnknownAgentError(
    word,
    own.map(({ profile }) => profile.id),
  )
}

/** Finds one of these agents by its id or its name. @throws SubagentError `ambiguous-agent` */
export function findNamedAgent(
  agents: readonly Agent[],
  word: string,
  { strictly = false }: FindAgentOptions = {},
): Agent | undefined {
  const byId = new Map(agents.map((agent) => [agent.profile.id, agent]))
  const isOpen = ({ id }: { id: string }): boolean => byId.get(id)?.phase.status !== 'ended'
  const profiles = agents.map(({ profile: { id, name } }) => ({ id, ...omitUndefined({ name }) }))
  const meant = matchAgentByWord(profiles, word, strictly ? {} : { isLikelier: isOpen })
  return meant && byId.get(meant.id)
}

function viewerOf({ callers }: AgentsState, caller: string): AgentViewer {
  return { caller, ...(callers.get(caller) ?? { depth: Infinity }) }
}

/** The error for an unknown agent, with the newest existing ids. */
export function createUnknownAgentError(id: string, known: readonly string[]): SubagentError {
  const hint =
    known.length > 0 ? `agents are ${known.slice(-20).join(', ')}` : 'none has been launched: launch_agent'
  return new SubagentError('unknown-agent', `no agent '${id}'`, { hint })
}
