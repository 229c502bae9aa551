import type { SessionEvent } from '@subagent-mcp/contract'
import type { Fact } from '../state/fact.js'
import { isAnsweredByPolicy } from '../questions/ruling.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** How a wait ended: with what was looked for, or by its own time or its caller. */
export type WaitEnd<Found> = { type: 'found'; found: Found } | { type: 'timed-out' } | { type: 'cancelled' }

/** How long a wait may take, in milliseconds, and what calls it off. Without them it takes as long as it takes. */
export type WaitOptions = { timeout?: number; signal?: AbortSignal }

/**
 * Waits, driven by facts, until `look` finds something in the agents' statuses, questions or reports. It looks at once,
 * and after each fact that may change these: for what streams by, thousands a second, it does not. A signal that has
 * aborted already wins over what could be found.
 */
export function untilFact<Found>(
  { subscribe, clock }: Pick<Supervisor, 'subscribe' | 'clock'>,
  look: () => Found | undefined,
  { timeout, signal }: WaitOptions = {},
): Promise<WaitEnd<Found>> {
  return new Promise((resolve) => {
    const finish = (waited: WaitEnd<Found>): void => {
      unsubscribe()
      cancelTimer()
      signal?.removeEventListener('abort', cancel)
      resolve(waited)
    }
    const lookAgain = (): void => {
      const found = look()
      if (found !== undefined) finish({ type: 'found', found })
    }
    const cancel = (): void => {
      finish({ type: 'cancelled' })
    }
    const unsubscribe = subscribe((fact) => {
      if (isTelling(fact)) lookAgain()
    })
    const expire = (): void => {
      finish({ type: 'timed-out' })
    }
    const cancelTimer = timeout === undefined ? () => undefined : clock.after(timeout, expire)
    signal?.addEventListener('abort', cancel)
    if (signal?.aborted) cancel()
    else lookAgain()
  })
}

/** What a session says that can give its agent another status, or something to tell. */
const telling: readonly SessionEvent['type'][] = [
  'turn-ended',
  'approval-requested',
  'approval-withdrawn',
  'retry-announced',
  'session-closed',
]

function isTelling(fact: Fact): boolean {
  if (fact.type !== 'session-event-received') return true
  // What the policy has answered is no news to anybody.
  if (isAnsweredByPolicy(fact.ruling)) return false
  return telling.includes(fact.event.type)
}
