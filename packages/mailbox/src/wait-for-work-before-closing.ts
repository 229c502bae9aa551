import type { Clock } from '@subagent-mcp/contract'

/** Waits until work has settled, but at most 700 ms, so that closing a mailbox ends. Never rejects. */
export async function waitForWorkBeforeClosing(clock: Clock, work: Promise<unknown>): Promise<void> {
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
