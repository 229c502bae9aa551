import {
  findAgent,
  isRunning,
  openQuestions,
  untilFact,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import type { WaitBody } from '@subagent-mcp/api'

/** The agents as they are at the end of the wait; those that were forgotten meanwhile are left out. */
export type AgentsAtRest = { timedOut: boolean; agents: Agent[] }

/**
 * Waits, decided by facts, until one or all of the agents have nothing to do, or one asks for permission, unless a host's user
 * is being asked. It takes no report from anybody. @throws SubagentError `unknown-agent`
 */
export async function waitForAgents(
  supervisor: Supervisor,
  { agentIds, until, timeoutSeconds }: WaitBody,
  signal: AbortSignal,
): Promise<AgentsAtRest> {
  for (const id of agentIds) findAgent(supervisor, id)
  const agents = (): Agent[] => agentIds.flatMap((id) => supervisor.fleet().agents.get(id) ?? [])
  const isOver = (): true | undefined => {
    const running = agents().filter(isRunning).length
    const enough = until === 'all' ? running === 0 : running < agentIds.length
    return enough || agents().some((agent) => openQuestions(agent).length > 0) || undefined
  }
  const waited = await untilFact(supervisor, isOver, { timeout: timeoutSeconds * 1000, signal })
  return { timedOut: waited.type !== 'found', agents: agents() }
}
