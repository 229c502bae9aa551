import type { Clock } from '@subagent-mcp/contract'

/** Calls `ring` at the time that was set last; setting `undefined` stops it. */
export function createAlarm(clock: Clock, ring: () => void): (at: number | undefined) => void {
  let set: { at: number; cancel: () => void } | undefined
  return setAlarm

  function setAlarm(at: number | undefined): void {
    if (at === set?.at) return
    set?.cancel()
    set =
      at === undefined ? undefined : { at, cancel: clock.after(Math.max(0, at - clock.now()), onTime(at)) }
  }

  function onTime(at: number): () => void {
    return () => {
      set = undefined
      // A clock may have a longest timer.
      if (clock.now() < at) setAlarm(at)
      else ring()
    }
  }
}
