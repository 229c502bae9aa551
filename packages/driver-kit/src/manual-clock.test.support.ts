import type { Clock } from '@subagent-mcp/contract'

/** Creates a clock that a test advances, because that of testkit is a layer above driver-kit. */
export function createManualClock(): Clock & { advance(milliseconds: number): void; timers(): number } {
  let now = 0
  const timers = new Map<() => void, number>()
  return {
    now: () => now,
    after: (milliseconds, callback) => {
      const timer = () => callback()
      timers.set(timer, now + milliseconds)
      return () => void timers.delete(timer)
    },
    advance: (milliseconds) => {
      now += milliseconds
      for (const [timer, at] of [...timers]) {
        if (at > now) continue
        timers.delete(timer)
        timer()
      }
    },
    timers: () => timers.size,
  }
}
