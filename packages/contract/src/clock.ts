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
