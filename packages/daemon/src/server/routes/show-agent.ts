import type { AgentSummary } from '@subagent-mcp/api'
import { findNamedAgent, summarizeAgent, type Agent } from '@subagent-mcp/core'
import type { DaemonPort } from '../port.js'

/** Returns the summary of an agent for the HTTP API. */
export function showAgent({ supervisor, stalledAfter }: DaemonPort, agent: Agent): AgentSummary {
  return summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
}

/** The id of an agent that is named by its id or name. A word that means none is taken for the id of an agent that is deleted. */
export function knownId({ supervisor }: Pick<DaemonPort, 'supervisor'>, word: string): string {
  const { agents } = supervisor.state()
  if (agents.has(word)) return word
  return findNamedAgent([...agents.values()], word)?.profile.id ?? word
}
