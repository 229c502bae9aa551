import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { idAndName } from './agent-lines.js'

/** The id, name and status of an agent, by which `chooseAgent` finds it. */
type Named = Pick<AgentSummary, 'id' | 'name'> & Partial<Pick<AgentSummary, 'status'>>

/**
 * Finds the agent that a person means by a word: its id, the beginning of its id, or its name. If several agents match,
 * only those for which `isLikelier` holds count.
 * @throws SubagentError `unknown-agent` or `ambiguous-agent` whose hint lists the agents
 */
export function chooseAgent(
  agents: readonly AgentSummary[],
  word: string,
  isLikelier?: (agent: AgentSummary) => boolean,
): AgentSummary {
  const agent = matchAgent(agents, word, isLikelier)
  if (!agent) throw unknown(agents, word)
  return agent
}

/** The same as `chooseAgent`, but returns `undefined` when no agent matches. @throws SubagentError `ambiguous-agent` */
export function matchAgent<Agent extends Named>(
  agents: readonly Agent[],
  word: string,
  isLikelier: (agent: Agent) => boolean = () => true,
): Agent | undefined {
  const exact = agents.find(({ id }) => id === word)
  if (exact) return exact
  const possible = agents.filter(({ id, name }) => name === word || (word !== '' && id.startsWith(word)))
  const likelier = possible.filter(isLikelier)
  const [meant, ...others] = likelier.length > 0 ? likelier : possible
  if (meant && others.length > 0) throw ambiguous([meant, ...others], word)
  return meant
}

/** Finds the agents that a person means, without repetitions, in the order of the words. @throws SubagentError as `chooseAgent` */
export function chooseAgents(agents: readonly AgentSummary[], words: readonly string[]): AgentSummary[] {
  return [...new Set(words.map((word) => chooseAgent(agents, word)))]
}

function unknown(agents: readonly AgentSummary[], word: string): SubagentError {
  const hint =
    agents.length === 0
      ? `there are no agents; launch one: subagent-mcp run "<prompt>"; ${forgotten}`
      : `there are ${agents.slice(-shownAgents).map(idAndName).join(', ')}; subagent-mcp ps --all lists all; ${forgotten}`
  return new SubagentError('unknown-agent', `no agent '${word}'`, { hint })
}

function ambiguous(meant: readonly Named[], word: string): SubagentError {
  const list = meant.slice(-shownAgents).map((agent) => {
    const { status } = agent
    return `${idAndName(agent)}${status === undefined ? '' : ` (${status})`}`
  })
  const hint = `type more of the id: ${list.join(', ')}`
  return new SubagentError('ambiguous-agent', `'${word}' matches ${meant.length} agents`, { hint })
}

const shownAgents = 20
const forgotten = 'a task is removed once its answer was delivered'
