import { SubagentError } from '@subagent-mcp/contract'

/** An agent's id and name, by which a word can mean it, and its status, which an error shows. */
export type NamedAgent = { id: string; name?: string; status?: string }

/** How a word is read. With `prefix` the beginning of an id is enough. `isLikelier`: of several agents only these count. */
export type MatchOptions<Agent> = { prefix?: true; isLikelier?: (agent: Agent) => boolean }

/**
 * Finds the agent that a word means: by its id, otherwise by its name. Returns `undefined` when none matches.
 * @throws SubagentError `ambiguous-agent`, whose hint lists the agents that match
 */
export function matchAgent<Agent extends NamedAgent>(
  agents: readonly Agent[],
  word: string,
  { prefix, isLikelier = () => true }: MatchOptions<Agent> = {},
): Agent | undefined {
  const exact = agents.find(({ id }) => id === word)
  if (exact || word === '') return exact
  const possible = agents.filter(({ id, name }) => name === word || (prefix && id.startsWith(word)))
  const likelier = possible.filter(isLikelier)
  const [meant, ...others] = likelier.length > 0 ? likelier : possible
  if (meant && others.length > 0) throw ambiguous([meant, ...others], word)
  return meant
}

function ambiguous(meant: readonly NamedAgent[], word: string): SubagentError {
  const hint = `name one by its id: ${meant.slice(-shownAgents).map(describe).join(', ')}`
  return new SubagentError('ambiguous-agent', `'${word}' matches ${meant.length} agents`, { hint })
}

/** The name as JSON, so that a terminal reads no control characters in it. */
function describe({ id, name, status }: NamedAgent): string {
  return `${id}${name === undefined ? '' : ` ${JSON.stringify(name)}`}${status === undefined ? '' : ` (${status})`}`
}

/** The most agents that an error lists: the newest. */
const shownAgents = 20
