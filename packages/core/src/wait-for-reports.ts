import type { Supervisor } from './supervisor.js'
import { waitOutcome, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

/** How a wait ended: with what to tell, or by its own time or its caller. */
export type WaitResult = { type: 'done' | 'timed-out'; outcome: WaitOutcome } | { type: 'cancelled' }

/**
 * Waits, driven by facts, until there is something to tell, `timeout` milliseconds have passed or
 * `signal` aborts. What it hands over counts as delivered; a cancelled wait delivers nothing.
 */
export function waitForReports(
  supervisor: Supervisor,
  query: WaitQuery,
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<WaitResult> {
  return new Promise((resolve) => {
    const finish = (result: WaitResult): void => {
      cleanUps.forEach((cleanUp) => {
        cleanUp()
      })
      if (result.type !== 'cancelled') deliver(supervisor, query.caller, result.outcome)
      resolve(result)
    }
    const look = (): void => {
      const outcome = waitOutcome(supervisor.fleet(), query)
      if (outcome.done) finish({ type: 'done', outcome })
    }
    const cancel = (): void => {
      finish({ type: 'cancelled' })
    }
    const expire = (): void => {
      finish({ type: 'timed-out', outcome: waitOutcome(supervisor.fleet(), query) })
    }
    const cleanUps = [
      supervisor.subscribe(look),
      supervisor.clock.after(timeout, expire),
      () => {
        signal.removeEventListener('abort', cancel)
      },
    ]
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    else look()
  })
}

function deliver(supervisor: Supervisor, caller: string, { news }: WaitOutcome): void {
  for (const { agent } of news) {
    const { profile, reports } = agent
    supervisor.dispatch({
      type: 'reports-delivered',
      at: supervisor.clock.now(),
      caller,
      agentId: profile.id,
      upTo: reports.length,
    })
  }
}
