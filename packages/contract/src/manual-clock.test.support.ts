import type { Clock } from './clock.js'

/** Creates a clock that a test moves, because that of testkit is in a layer above this package. */
export function createManualClock(start = 0) {
  let now = start
  let timers: { at: number; callback: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after: (milliseconds, callback) => {
      const timer = { at: now + milliseconds, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  return {
    clock,
    /** Lets time pass, and calls the timers that are due, but none that they set: as after a blocked event loop. */
    pass: (milliseconds: number): void => {
      now += milliseconds
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { callback } of due) callback()
    },
    /** Lets time pass until the next timer, and calls it: some milliseconds late, or early when `late` is negative. */
    fireNext: (late = 0): void => {
      const [next] = timers.toSorted((one, other) => one.at - other.at)
      if (!next) return
      timers = timers.filter((other) => other !== next)
      now = Math.max(now, next.at + late)
      next.callback()
    },
  }
}
