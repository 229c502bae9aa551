import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { hasAgentEnded, willAgentReportUnprompted } from '../agent/agent-view.js'
import {
  findAgentByIdOrName,
  launchSupervisedAgent,
  type LaunchResult,
} from '../launch/launch-supervised-agent.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import { hashTask } from '../launch/check-same-request.js'
import { listOpenQuestions } from '../agent/reports.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { waitForFact } from './wait-for-fact.js'
import { listAgentsOfWait } from './agent-wait-outcome.js'

/** A task when its call returns: over, waiting for a permission, or still running after a cancelled call. */
export type TaskResult = { type: 'over' | 'asks' | 'cancelled'; agent: Agent }

/**
 * Waits until a task is over or asks for permission. Meanwhile the task's call counts as open, and no other wait reports the
 * task. When `signal` aborts, the call closes and the task continues. After the wait the function's caller must acknowledge the
 * reports, or call `closeTaskCall` if the result was not delivered.
 */
export async function waitForTask(
  supervisor: Supervisor,
  agentId: string,
  signal: AbortSignal,
): Promise<TaskResult> {
  supervisor.dispatch({ type: 'call-opened', at: supervisor.clock.now(), taskId: agentId })
  // The signal is checked also after a result was found, which may not be delivered any more.
  signal.addEventListener('abort', () => {
    closeTaskCall(supervisor, agentId)
  })
  const look = (): TaskResult | undefined => resultOf(findAgentByIdOrName(supervisor, agentId))
  const waited = await waitForFact(supervisor, look, { signal })
  if (waited.type === 'found') return waited.found
  // The signal may have aborted before the call was opened.
  closeTaskCall(supervisor, agentId)
  return { type: 'cancelled', agent: findAgentByIdOrName(supervisor, agentId) }
}

/** Launches a task. Returns the caller's running task if it is identical, because a host repeats a call that has timed out. */
export function launchTask(supervisor: Supervisor, caller: string, order: LaunchRequest): LaunchResult {
  const state = supervisor.state()
  const same = listAgentsOfWait(state, { caller }).find((agent) => {
    const { pool, task, cwd } = agent.profile
    const isSame = pool !== undefined && pool.key === order.template?.pool?.key && cwd === order.cwd
    return isSame && task === hashTask(order) && hasSchemaOf(agent, order) && willAgentReportUnprompted(agent)
  })
  return same ? { agent: same, repeated: true } : launchSupervisedAgent(supervisor, caller, order)
}

/** Whether a task was launched with the schema of this request. */
function hasSchemaOf({ profile }: Agent, { outputSchema, template }: LaunchRequest): boolean {
  const asked = outputSchema ?? template?.outputSchema
  return JSON.stringify(profile.outputSchema) === JSON.stringify(asked)
}

/** Closes the call of a task, so that waits report the task again. Does nothing if no call is open. */
export function closeTaskCall(supervisor: Supervisor, taskId: string): void {
  if (!supervisor.state().calls.has(taskId)) return
  supervisor.dispatch({ type: 'call-closed', at: supervisor.clock.now(), taskId })
}

/**
 * Deletes a task whose result was delivered from memory and journal, as soon as it has ended. Never rejects: a task
 * that the journal cannot delete is deleted later by age.
 */
export async function deleteDeliveredTask(supervisor: Supervisor, agentId: string): Promise<void> {
  const task = (): Agent | undefined => supervisor.state().agents.get(agentId)
  if (isOpen(task())) {
    noteDelivered(supervisor, agentId)
    await waitForFact(supervisor, () => !isOpen(task()) || undefined)
  }
  if (!task()) return
  try {
    supervisor.dispatch({ type: 'agents-pruned', at: supervisor.clock.now(), agentIds: [agentId] })
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    noteDelivered(supervisor, agentId)
  }
}

function isOpen(task: Agent | undefined): boolean {
  return task !== undefined && !hasAgentEnded(task)
}

/** Marks all reports of a task as received by its launcher. The task stays. */
function noteDelivered(supervisor: Supervisor, agentId: string): void {
  const { profile, reports } = findAgentByIdOrName(supervisor, agentId)
  const at = supervisor.clock.now()
  supervisor.dispatch({
    type: 'reports-delivered',
    at,
    caller: profile.caller,
    agentId,
    upTo: reports.length,
  })
  closeTaskCall(supervisor, agentId)
}

function resultOf(agent: Agent): TaskResult | undefined {
  if (listOpenQuestions(agent).length > 0) return { type: 'asks', agent }
  return willAgentReportUnprompted(agent) ? undefined : { type: 'over', agent }
}
