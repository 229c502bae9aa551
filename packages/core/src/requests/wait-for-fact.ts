import type { SessionEvent } from '@subagent-mcp/contract'
import type { Fact } from '../state/fact.js'
import { isDecidedByPolicy } from '../questions/tool-call-ruling.js'
import type { Supervisor } from '../supervisor/supervisor.js'

/** The end of a wait: with a result, by its time limit, or by its signal. */
export type WaitEnd<Found> = { type: 'found'; found: Found } | { type: 'timed-out' } | { type: 'cancelled' }

/** The time limit of a wait in milliseconds, and a signal that cancels it. Default: no limit. */
export type WaitOptions = { timeout?: number; signal?: AbortSignal }

/**
 * Waits until `look` returns a value other than `undefined`. `look` is called immediately, and after each fact that may change an
 * agent's status, questions or reports, but not for streamed text. If the signal has already aborted, the wait is cancelled.
 */
export function waitForFact<Found>(
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
      if (mayFactChangeStatus(fact)) lookAgain()
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

/** The types of session events that can change an agent's status, questions or reports. */
const telling: readonly SessionEvent['type'][] = [
  'turn-ended',
  'approval-requested',
  'approval-withdrawn',
  'retry-announced',
  'session-closed',
]

/** Whether a fact may change an agent's status, questions or reports. Streamed text and tool calls do not. */
export function mayFactChangeStatus(fact: Fact): boolean {
  if (fact.type !== 'session-event-received') return true
  // Calls that the policy has decided change no question or report.
  if (isDecidedByPolicy(fact.ruling)) return false
  return telling.includes(fact.event.type)
}
