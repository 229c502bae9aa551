import {
  awaitTask,
  newReports,
  offerReports,
  openQuestions,
  untilFact,
  type Supervisor,
} from '@subagent-mcp/core'
import type { DeliveredTask, TaskWait } from '@subagent-mcp/mcp-server'

/** Waits until a task is over, or asks for a permission. With `answersQuestions` permissions do not end the wait, because the caller answers them. */
export async function taskResult(
  { supervisor, caller }: { supervisor: Supervisor; caller: string },
  agentId: string,
  { signal, answersQuestions = false }: TaskWait,
): Promise<DeliveredTask> {
  const asks = (): boolean => {
    const task = supervisor.state().agents.get(agentId)
    return task !== undefined && openQuestions(task).length > 0
  }
  let result = await awaitTask(supervisor, agentId, signal)
  // A question may be answered between the fact that asked it and this line; the task then runs again.
  while (result.type === 'asks' && (answersQuestions || !asks())) {
    await untilFact(supervisor, () => !asks() || undefined, { signal })
    result = await awaitTask(supervisor, agentId, signal)
  }
  const { type } = result
  const fleet = supervisor.state()
  const news = newReports(fleet, caller, fleet.agents.get(agentId) ?? result.agent)
  const offered = type === 'cancelled' ? [] : [news]
  return { ...result, news, ...offerReports(supervisor, { caller, news: offered }) }
}
