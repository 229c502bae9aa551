/** The clock of a component, which tests replace by a manual one. */
export type Clock = {
  /** The current time in Unix milliseconds. */
  now(): number
  /** Calls `callback` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The system's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, longestTimer))
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The longest delay of a timer in milliseconds: Node fires a longer one immediately. */
const longestTimer = 2 ** 31 - 1

/** A call that follows a pause, once for all requests that are made meanwhile. */
export type DelayedCall = {
  /** Begins the pause, unless it has begun. */
  request(): void
  /** Drops the call that was requested; returns whether there was one. */
  cancel(): boolean
}

/** Creates a call that is made `milliseconds` after the first request for it; a later request begins the next pause. */
export function delayCall(
  { after }: Pick<Clock, 'after'>,
  milliseconds: number,
  call: () => void,
): DelayedCall {
  let pending: (() => void) | undefined
  return {
    request: () => {
      pending ??= after(milliseconds, () => {
        pending = undefined
        call()
      })
    },
    cancel: () => {
      const wasPending = pending !== undefined
      pending?.()
      pending = undefined
      return wasPending
    },
  }
}
