import { setTimeout as delay } from 'node:timers/promises'

/** Whether a promise was fulfilled in time; rejects with it. Aborting `hurry` ends the wait; no timer is left behind. */
export async function settlesWithin(
  promise: Promise<unknown>,
  milliseconds: number,
  hurry?: AbortSignal,
): Promise<boolean> {
  const done = new AbortController()
  const signal = hurry === undefined ? done.signal : AbortSignal.any([done.signal, hurry])
  // The delay rejects when it is aborted, which is no more than the end of the wait.
  const limit = delay(milliseconds, false, { signal }).catch(() => false)
  try {
    return await Promise.race([promise.then(() => true), limit])
  } finally {
    done.abort()
  }
}
