import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { matchAgent } from '@subagent-mcp/core'
import { idAndName } from './agent-lines.js'

/**
 * Finds the agent that a person means by a word: its id, the beginning of its id, or its name. If several agents match,
 * only those for which `isLikelier` holds count.
 * @throws SubagentError `unknown-agent` or `ambiguous-agent` whose hint lists the agents
 */
export function chooseAgent(
  agents: readonly AgentSummary[],
  word: string,
  isLikelier: (agent: AgentSummary) => boolean = () => true,
): AgentSummary {
  const agent = matchAgent(agents, word, { prefix: true, isLikelier })
  if (!agent) throw unknown(agents, word)
  return agent
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

const shownAgents = 20
const forgotten = 'a task is removed once its answer was delivered'
