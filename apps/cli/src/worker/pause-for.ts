import type { Clock } from '@subagent-mcp/contract'

/** Waits so long, or until the signal aborts. */
export function pauseFor(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()

    function done(): void {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
