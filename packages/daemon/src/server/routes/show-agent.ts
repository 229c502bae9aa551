import type { AgentSummary } from '@subagent-mcp/api'
import { summarizeAgent, type Agent } from '@subagent-mcp/core'
import type { DaemonPort } from '../port.js'

/** An agent as the API shows it, at this moment. */
export function showAgent({ supervisor, stalledAfter }: DaemonPort, agent: Agent): AgentSummary {
  return summarizeAgent(agent, { now: supervisor.clock.now(), stalledAfter })
}
