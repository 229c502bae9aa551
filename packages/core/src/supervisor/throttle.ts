import type { Clock } from '@subagent-mcp/contract'

/** Returns a function that schedules `act` once, in `milliseconds`; it ignores calls while one is scheduled. */
export function throttle(milliseconds: number, clock: Clock, act: () => void): () => void {
  let planned = false
  return () => {
    if (planned) return
    planned = true
    clock.after(milliseconds, () => {
      planned = false
      act()
    })
  }
}
