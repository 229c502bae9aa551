import { isRunning, openQuestions, untilFact, type Agent, type Supervisor } from '@subagent-mcp/core'

/** Agents at the end of a wait, without those that were deleted meanwhile. */
export type AgentsAtRest = { timedOut: boolean; agents: readonly Agent[] }

/** Which agents to wait for. `timeout` is in milliseconds; aborting the signal ends the wait as timed out. */
export type RestQuery = {
  agentIds: readonly string[]
  until: 'any' | 'all'
  timeout?: number
  signal?: AbortSignal
}

/**
 * Waits until one or all agents are at rest, or one asks for permission that is not being asked of a host's user. Delivers
 * no reports: whoever waits for those still gets them.
 */
export async function waitAtRest(
  supervisor: Supervisor,
  { agentIds, until, ...patience }: RestQuery,
): Promise<AgentsAtRest> {
  const agents = (): Agent[] => agentIds.flatMap((id) => supervisor.state().agents.get(id) ?? [])
  const isOver = (): true | undefined => {
    const running = agents().filter(isRunning).length
    const isEnough = until === 'all' ? running === 0 : running < agentIds.length
    return isEnough || agents().some((agent) => openQuestions(agent).length > 0) || undefined
  }
  const waited = await untilFact(supervisor, isOver, patience)
  return { timedOut: waited.type !== 'found', agents: agents() }
}
