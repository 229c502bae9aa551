import {
  willAgentReportUnprompted,
  listOpenQuestions,
  waitForFact,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'

/** The result of `waitForAgents`: the agents of the query, without those that were deleted meanwhile. */
export type AwaitedAgents = { timedOut: boolean; agents: readonly Agent[] }

/** The agents to wait for. `timeout` is in milliseconds; when the signal aborts, the wait ends as timed out. */
export type AwaitedAgentsQuery = {
  agentIds: readonly string[]
  until: 'any' | 'all'
  timeout?: number
  signal?: AbortSignal
}

/**
 * Waits until all agents have ended their turns, or one of them asks for permission while no user is being asked. Marks no reports as
 * received, so that other waits get them.
 */
export async function waitForAgents(
  supervisor: Supervisor,
  { agentIds, until, ...patience }: AwaitedAgentsQuery,
): Promise<AwaitedAgents> {
  const agents = (): Agent[] => agentIds.flatMap((id) => supervisor.state().agents.get(id) ?? [])
  const isOver = (): true | undefined => {
    const running = agents().filter(willAgentReportUnprompted).length
    const isEnough = until === 'all' ? running === 0 : running < agentIds.length
    return isEnough || agents().some((agent) => listOpenQuestions(agent).length > 0) || undefined
  }
  const waited = await waitForFact(supervisor, isOver, patience)
  return { timedOut: waited.type !== 'found', agents: agents() }
}
