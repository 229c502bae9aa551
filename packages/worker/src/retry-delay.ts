import type { Clock } from '@subagent-mcp/contract'

/** The milliseconds before a worker's next attempt: 1 s after the first failure, doubled up to 30 s. */
export function computeWorkerRetryDelayMs(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 30_000)
}

/** Resolves after `milliseconds`, or as soon as the signal aborts. */
export function sleepUntilAborted(milliseconds: number, { clock, signal }: SleepOptions): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const cancel = clock.after(milliseconds, end)
    signal.addEventListener('abort', end)

    function end(): void {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}

export type SleepOptions = { clock: Clock; signal: AbortSignal }
