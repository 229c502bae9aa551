import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { isEnded, isRunning } from '../agent/agent-view.js'
import { findAgent, launch, type LaunchResult } from '../launch/launch.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import { taskOf } from '../launch/same-request.js'
import { openQuestions } from '../agent/reports.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { untilFact } from './until-fact.js'
import { agentsInScope } from './wait-outcome.js'

/** What has become of a task: it is over, it asks for permission, or its call has ended before that. */
export type TaskResult = { type: 'over' | 'asks' | 'cancelled'; agent: Agent }

/**
 * Opens the call of a task that was launched, and waits until the task is over or asks for permission. While its call is
 * open, waits report nothing of the task. Aborting `signal`, now or later, closes the call, and the task goes on. Whoever
 * delivers a result acknowledges its reports, or closes the call with `closeCall` if the result did not arrive.
 */
export async function awaitTask(
  supervisor: Supervisor,
  agentId: string,
  signal: AbortSignal,
): Promise<TaskResult> {
  supervisor.dispatch({ type: 'call-opened', at: supervisor.clock.now(), taskId: agentId })
  // Also when there is a result already: nobody gets it then.
  signal.addEventListener('abort', () => {
    closeTaskCall(supervisor, agentId)
  })
  const look = (): TaskResult | undefined => resultOf(findAgent(supervisor, agentId))
  const waited = await untilFact(supervisor, look, { signal })
  if (waited.type === 'found') return waited.found
  // Its signal may have aborted before.
  closeTaskCall(supervisor, agentId)
  return { type: 'cancelled', agent: findAgent(supervisor, agentId) }
}

/**
 * Launches a task. One in the same words to the same agent that still runs though its call has ended is returned instead: a
 * host that ran out of time tries again.
 */
export function launchTask(supervisor: Supervisor, caller: string, order: LaunchRequest): LaunchResult {
  const fleet = supervisor.fleet()
  const same = agentsInScope(fleet, { caller }).find((agent) => {
    const { pool, task, cwd } = agent.profile
    const isSame = pool !== undefined && pool.key === order.template?.pool?.key && cwd === order.cwd
    return isSame && task === taskOf(order.prompt) && isRunning(agent)
  })
  return same ? { agent: same, repeated: true } : launch(supervisor, caller, order)
}

/** The call of a task has ended: from now on waits report the task. Does nothing if its call is not open. */
export function closeTaskCall(supervisor: Supervisor, taskId: string): void {
  if (!supervisor.fleet().calls.has(taskId)) return
  supervisor.dispatch({ type: 'call-closed', at: supervisor.clock.now(), taskId })
}

/**
 * Forgets a task whose outcome was delivered: no wait reports it again, and as soon as it has ended nothing of it is left
 * in memory or in the journal. Does nothing for a task that is forgotten. Never rejects: a task that the journal cannot
 * delete goes with its age.
 */
export async function forgetTask(supervisor: Supervisor, agentId: string): Promise<void> {
  const task = (): Agent | undefined => supervisor.fleet().agents.get(agentId)
  if (isOpen(task())) {
    noteDelivered(supervisor, agentId)
    await untilFact(supervisor, () => !isOpen(task()) || undefined)
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
  return task !== undefined && !isEnded(task)
}

/** For a task that stays a while: its launcher has all of it, and so have those who come after the launcher. */
function noteDelivered(supervisor: Supervisor, agentId: string): void {
  const { profile, reports } = findAgent(supervisor, agentId)
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
  if (openQuestions(agent).length > 0) return { type: 'asks', agent }
  return isRunning(agent) ? undefined : { type: 'over', agent }
}
