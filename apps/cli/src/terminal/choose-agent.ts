import type { AgentSummary } from '@subagent-mcp/api'
import type { DaemonClient } from '@subagent-mcp/client'
import { SubagentError } from '@subagent-mcp/contract'
import { matchAgentByWord } from '@subagent-mcp/core'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { formatAgentIdAndName } from './agent-lines.js'
import type { Terminal } from './terminal.js'

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
  const agent = matchAgentByWord(agents, word, { prefix: true, isLikelier })
  if (!agent) throw unknown(agents, word)
  return agent
}

/** Lists the agents that a word can mean: all; without a word, those of this project. */
export function listAgentsForWord(
  word: string | undefined,
  client: Pick<DaemonClient, 'agents'>,
  { cwd }: Pick<Terminal, 'cwd'>,
): Promise<AgentSummary[]> {
  return client.agents(word === undefined ? { project: findProjectRoot(cwd) } : {})
}

/**
 * Finds the agent whose transcript or session a person wants to see: without a word the newest agent, of several with the same
 * name the newest of them. @throws SubagentError as `chooseAgent`
 */
export function chooseNewestAgent(agents: readonly AgentSummary[], word: string | undefined): AgentSummary {
  const hasName = agents.filter(({ name }) => word === undefined || name === word)
  const newest = hasName.toSorted((one, other) => other.launchedAt - one.launchedAt)[0]
  const isId = agents.some(({ id }) => id === word)
  return newest && !isId ? newest : chooseAgent(agents, word ?? '')
}

/** Finds the agents that a person means, without repetitions, in the order of the words. @throws SubagentError as `chooseAgent` */
export function chooseAgents(agents: readonly AgentSummary[], words: readonly string[]): AgentSummary[] {
  return [...new Set(words.map((word) => chooseAgent(agents, word)))]
}

function unknown(agents: readonly AgentSummary[], word: string): SubagentError {
  const hint =
    agents.length === 0
      ? `there are no agents; launch one: subagent-mcp run "<prompt>"; ${forgotten}`
      : `there are ${agents.slice(-shownAgents).map(formatAgentIdAndName).join(', ')}; subagent-mcp ps --all lists all; ${forgotten}`
  const message = word === '' ? 'there is no agent' : `no agent '${word}'`
  return new SubagentError('unknown-agent', message, { hint })
}

const shownAgents = 20
const forgotten = 'a task is removed once its answer was delivered'
