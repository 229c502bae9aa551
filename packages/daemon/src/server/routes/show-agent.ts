import type { AgentSummary } from '@subagent-mcp/api'
import { summarizeAgent, type Agent } from '@subagent-mcp/core'
import type { DaemonPort } from '../port.js'

/** Returns the summary of an agent for the HTTP API. */
export function showAgent({ supervisor, stalledAfter }: DaemonPort, agent: Agent): AgentSummary {
  return summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
}
