import type { AgentSummary } from '@subagent-mcp/api'
import { findNamedAgent, summarizeAgent, type Agent } from '@subagent-mcp/core'
import type { DaemonPort } from '../daemon-port.js'

/** Returns the summary of an agent for the HTTP API. */
export function readAgentSummary({ supervisor, stalledAfter }: DaemonPort, agent: Agent): AgentSummary {
  const summary = summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
  const parentId = agent.profile.origin?.find((id) => supervisor.state().agents.has(id))
  return { ...summary, ...(parentId !== undefined && { parentId }) }
}

/** Returns the id of the agent that a word names by id or name. A word that names no agent is taken as the id of a deleted agent. */
export function resolveAgentId({ supervisor }: Pick<DaemonPort, 'supervisor'>, word: string): string {
  const { agents } = supervisor.state()
  if (agents.has(word)) return word
  return findNamedAgent([...agents.values()], word)?.profile.id ?? word
}
