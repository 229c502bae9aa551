import { isRunning } from '../agent/agent-view.js'
import { closeTaskCall, forgetTask } from './await-task.js'
import { pendingApprovals } from '../agent/reports.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { untilFact, type WaitOptions } from './until-fact.js'
import { waitOutcome, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

/** How a wait ended: with what to tell, or by its own time or its caller. */
export type WaitResult = { type: 'done' | 'timed-out'; outcome: WaitOutcome } | { type: 'cancelled' }

/**
 * Waits until there is something to report, `timeout` milliseconds have passed or `signal` aborts. What it returns
 * counts as delivered only after `acknowledgeReports`, which the caller calls once it has the reports.
 */
export async function waitForReports(
  supervisor: Supervisor,
  query: WaitQuery,
  patience: WaitOptions = {},
): Promise<WaitResult> {
  const look = (): WaitOutcome => waitOutcome(supervisor.fleet(), query)
  const lookForNews = (): WaitOutcome | undefined => {
    const outcome = look()
    return outcome.done ? outcome : undefined
  }
  const waited = await untilFact(supervisor, lookForNews, patience)
  if (waited.type === 'found') return { type: 'done', outcome: waited.found }
  return waited.type === 'timed-out' ? { type: 'timed-out', outcome: look() } : waited
}

/**
 * The caller has received what a wait, or the call of a task, returned: its next wait does not report it again. Tasks that
 * are over are forgotten when it launched them itself. One that is not connected may be between two daemons, and still wants
 * its answer: what nobody of its own fetches goes by age.
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
