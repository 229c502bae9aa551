import { isRunning } from '../agent/agent-view.js'
import { closeTaskCall, forgetTask } from './await-task.js'
import { pendingApprovals } from '../agent/reports.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { untilFact, type WaitOptions } from './until-fact.js'
import { waitOutcome, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

/** How a wait for reports ended: with reports, by its time limit, or cancelled. */
export type WaitResult = { type: 'done' | 'timed-out'; outcome: WaitOutcome } | { type: 'cancelled' }

/**
 * Waits until an agent has something to report, or until the wait ends otherwise. The reports count as delivered only
 * after `acknowledgeReports`, which the caller calls once it has received them.
 */
export async function waitForReports(
  supervisor: Supervisor,
  query: WaitQuery,
  patience: WaitOptions = {},
): Promise<WaitResult> {
  const look = (): WaitOutcome => waitOutcome(supervisor.state(), query)
  const lookForNews = (): WaitOutcome | undefined => {
    const outcome = look()
    return outcome.done ? outcome : undefined
  }
  const waited = await untilFact(supervisor, lookForNews, patience)
  if (waited.type === 'found') return { type: 'done', outcome: waited.found }
  return waited.type === 'timed-out' ? { type: 'timed-out', outcome: look() } : waited
}

/**
 * Marks reports as received, so that later waits do not return them. Deletes finished tasks that this caller has
 * launched itself. A task of another, maybe disconnected launcher stays, because that one may connect again and ask
 * for its result.
 */
export function acknowledgeReports(
  supervisor: Supervisor,
  caller: string,
  { news }: Pick<WaitOutcome, 'news'>,
): void {
  for (const { agent } of news) {
    const { id: agentId, pool, caller: launcher } = agent.profile
    const isOver = !isRunning(agent) && pendingApprovals(agent).length === 0
    if (pool && isOver && launcher === caller) {
      void forgetTask(supervisor, agentId)
      continue
    }
    const upTo = agent.reports.length
    supervisor.dispatch({ type: 'reports-delivered', at: supervisor.clock.now(), caller, agentId, upTo })
    closeTaskCall(supervisor, agentId)
  }
}
