import type { Clock } from '@subagent-mcp/contract'

/** Waits for work at a close, which is bounded in time, whatever becomes of it. Never rejects. */
export async function within(clock: Clock, work: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(longestMs, resolve)
    const end = (): void => {
      cancel()
      resolve()
    }
    void work.then(end, end)
  })
}

const longestMs = 700
