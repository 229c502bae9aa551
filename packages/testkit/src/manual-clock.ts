import type { Clock } from '@subagent-mcp/contract'

/** A clock for tests, which stands still until the test advances it. `timers` counts those that wait. */
export type ManualClock = Clock & { advance(milliseconds: number): void; timers(): number }

/** Creates a clock at a fixed time. An advance calls the timers that fall due, in order of their time. */
export function createManualClock(): ManualClock {
  let now = 1_000_000
  let timers: { at: number; callback: () => void }[] = []
  return {
    now: () => now,
    after: (milliseconds, callback) => {
      const timer = { at: now + milliseconds, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (milliseconds) => {
      now += milliseconds
      const due = timers.filter(({ at }) => at <= now).sort((one, other) => one.at - other.at)
      timers = timers.filter(({ at }) => at > now)
      for (const { callback } of due) callback()
    },
    timers: () => timers.length,
  }
}
