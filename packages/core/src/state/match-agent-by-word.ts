import { SubagentError } from '@subagent-mcp/contract'

/** An agent as a word on a command line or in a tool call can name it: by id or name. Errors show the status. */
export type AgentIdAndName = { id: string; name?: string; status?: string }

/**
 * Options of `matchAgentByWord`. `prefix`: the beginning of an id matches, too. `isLikelier`: if several agents match, only those for
 * which it is true count.
 */
export type MatchAgentByWordOptions<Agent> = { prefix?: true; isLikelier?: (agent: Agent) => boolean }

/**
 * Finds the agent that a word names: by its id, otherwise by its name. Returns `undefined` if no agent matches.
 * @throws SubagentError `ambiguous-agent`, whose hint lists the agents that match
 */
export function matchAgentByWord<Agent extends AgentIdAndName>(
  agents: readonly Agent[],
  word: string,
  { prefix, isLikelier = () => true }: MatchAgentByWordOptions<Agent> = {},
): Agent | undefined {
  const exact = agents.find(({ id }) => id === word)
  if (exact || word === '') return exact
  const possible = agents.filter(({ id, name }) => name === word || (prefix && id.startsWith(word)))
  const likelier = possible.filter(isLikelier)
  const [meant, ...others] = likelier.length > 0 ? likelier : possible
  if (meant && others.length > 0) throw ambiguous([meant, ...others], word)
  return meant
}

function ambiguous(meant: readonly AgentIdAndName[], word: string): SubagentError {
  const hint = `name one by its id: ${meant.slice(-shownAgents).map(describe).join(', ')}`
  return new SubagentError('ambiguous-agent', `'${word}' matches ${meant.length} agents`, { hint })
}

/** Describes an agent for an error. The name is shown as JSON, so that its control characters do not reach a terminal. */
function describe({ id, name, status }: AgentIdAndName): string {
  return `${id}${name === undefined ? '' : ` ${JSON.stringify(name)}`}${status === undefined ? '' : ` (${status})`}`
}

/** The most agents that an error lists: the newest. */
const shownAgents = 20
