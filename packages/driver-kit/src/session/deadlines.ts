import type { Clock } from '@subagent-mcp/contract'

/** Watches over what the CLI owes. */
export type Deadlines = {
  /** Takes the ids that are owed now: a new one starts its time, one that is gone was paid. */
  follow(owed: readonly string[]): void
}

/** Calls `onMissed` with each id that is still owed after the time. */
export function createDeadlines(
  clock: Clock,
  milliseconds: number,
  onMissed: (id: string) => void,
): Deadlines {
  const running = new Map<string, () => void>()
  return {
    follow: (owed) => {
      for (const [id, cancel] of running) {
        if (owed.includes(id)) continue
        cancel()
        running.delete(id)
      }
      for (const id of owed) {
        if (!running.has(id))
          running.set(
            id,
            clock.after(milliseconds, () => onMissed(id)),
          )
      }
    },
  }
}
