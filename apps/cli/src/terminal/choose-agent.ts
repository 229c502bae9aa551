import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { agentHead } from './agent-lines.js'

/** What an agent can be meant by. */
type Named = Pick<AgentSummary, 'id' | 'name'> & Partial<Pick<AgentSummary, 'status'>>

/**
 * The agent that a person means by a word: its id, the beginning of its id, or its name. Where it is several it is one
 * of those that are likelier.
 * @throws SubagentError `unknown-agent` or `ambiguous-agent` that names the agents there are
 */
export function chooseAgent(
  agents: readonly AgentSummary[],
  word: string,
  isLikelier?: (agent: AgentSummary) => boolean,
): AgentSummary {
  const agent = findMeant(agents, word, isLikelier)
  if (!agent) throw unknown(agents, word)
  return agent
}

/** The same, if there is one. @throws SubagentError `ambiguous-agent` */
export function findMeant<Agent extends Named>(
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

/** The agents that a person means, each once, in the order of the words. @throws SubagentError as `chooseAgent` */
export function chooseAgents(agents: readonly AgentSummary[], words: readonly string[]): AgentSummary[] {
  return [...new Set(words.map((word) => chooseAgent(agents, word)))]
}

function unknown(agents: readonly AgentSummary[], word: string): SubagentError {
  const hint =
    agents.length === 0
      ? `there is none: subagent-mcp run "<prompt>" launches one; ${forgotten}`
      : `there is ${agents.slice(-shownAgents).map(agentHead).join(', ')}; subagent-mcp ps --all shows all; ${forgotten}`
  return new SubagentError('unknown-agent', `no agent '${word}'`, { hint })
}

function ambiguous(meant: readonly Named[], word: string): SubagentError {
  const list = meant.slice(-shownAgents).map((agent) => {
    const { status } = agent
    return `${agentHead(agent)}${status === undefined ? '' : ` (${status})`}`
  })
  const hint = `give more of its id: ${list.join(', ')}`
  return new SubagentError('ambiguous-agent', `'${word}' is ${meant.length} agents`, { hint })
}

const shownAgents = 20
const forgotten = 'a task is forgotten once its answer was told'
