/** Time, passed in so that tests can move it by hand. */
export type Clock = {
  /** Unix milliseconds. */
  now(): number
  /** Calls `callback` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The real clock. Its timers do not keep the process alive. */
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

/** Node fires a timer above this at once. */
const longestTimer = 2 ** 31 - 1
