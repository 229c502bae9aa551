import { setTimeout as delay } from 'node:timers/promises'

/** Resolves to whether a promise was fulfilled in time; rejects when the promise does. Aborting `hurry` ends the wait with false. */
export async function settlesWithin(
  promise: Promise<unknown>,
  milliseconds: number,
  hurry?: AbortSignal,
): Promise<boolean> {
  const done = new AbortController()
  const signal = hurry === undefined ? done.signal : AbortSignal.any([done.signal, hurry])
  // An aborted delay rejects, which only ends the wait.
  const limit = delay(milliseconds, false, { signal }).catch(() => false)
  try {
    return await Promise.race([promise.then(() => true), limit])
  } finally {
    done.abort()
  }
}
