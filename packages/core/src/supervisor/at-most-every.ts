import type { Clock } from '@subagent-mcp/contract'

/** Does something so many milliseconds after it was asked for, once however often it is asked for until then. */
export function atMostEvery(milliseconds: number, clock: Clock, act: () => void): () => void {
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
