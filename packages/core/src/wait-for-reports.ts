import { isRunning } from './agent-view.js'
import { forgetTask } from './await-task.js'
import { pendingApprovals } from './reports.js'
import type { Supervisor } from './supervisor.js'
import { untilFact } from './until-fact.js'
import { waitOutcome, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

/** How a wait ended: with what to tell, or by its own time or its caller. */
export type WaitResult = { type: 'done' | 'timed-out'; outcome: WaitOutcome } | { type: 'cancelled' }

/**
 * Waits until there is something to tell, `timeout` milliseconds have passed or `signal` aborts. What it returns is not
 * delivered yet: that is for `acknowledgeReports` to say, once the caller has it.
 */
export async function waitForReports(
  supervisor: Supervisor,
  query: WaitQuery,
  patience: { timeout: number; signal: AbortSignal },
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

/** The caller has received what a wait returned: its next wait will not tell it again, and tasks that are over are forgotten. */
export function acknowledgeReports(supervisor: Supervisor, caller: string, { news }: WaitOutcome): void {
  for (const { agent } of news) {
    supervisor.dispatch({
      type: 'reports-delivered',
      at: supervisor.clock.now(),
      caller,
      agentId: agent.profile.id,
      upTo: agent.reports.length,
    })
    const isOver = !isRunning(agent) && pendingApprovals(agent).length === 0
    if (agent.profile.pool && isOver) void forgetTask(supervisor, agent.profile.id)
  }
}
