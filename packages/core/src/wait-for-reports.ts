import type { SessionEvent } from '@subagent-mcp/contract'
import type { Fact } from './fact.js'
import type { Supervisor } from './supervisor.js'
import { waitOutcome, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

/** How a wait ended: with what to tell, or by its own time or its caller. */
export type WaitResult = { type: 'done' | 'timed-out'; outcome: WaitOutcome } | { type: 'cancelled' }

/**
 * Waits, driven by facts, until there is something to tell, `timeout` milliseconds have passed or `signal` aborts.
 * What it returns is not delivered yet: that is for `acknowledgeReports` to say, once the caller has it.
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
      supervisor.subscribe((fact) => {
        if (mayEndWait(fact)) look()
      }),
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

/** The caller has received what a wait returned: its next wait will not tell it again. */
export function acknowledgeReports(supervisor: Supervisor, caller: string, { news }: WaitOutcome): void {
  for (const { agent } of news) {
    supervisor.dispatch({
      type: 'reports-delivered',
      at: supervisor.clock.now(),
      caller,
      agentId: agent.profile.id,
      upTo: agent.reports.length,
    })
  }
}

/** What a session says that can give its agent something to tell, or to be told no more. All else streams by. */
const telling: readonly SessionEvent['type'][] = [
  'turn-ended',
  'approval-requested',
  'approval-withdrawn',
  'retry-announced',
  'session-closed',
]

function mayEndWait(fact: Fact): boolean {
  return fact.type !== 'session-event-received' || telling.includes(fact.event.type)
}
