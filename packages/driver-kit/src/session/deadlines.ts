import type { Clock } from '@subagent-mcp/contract'

/** Time limits for the answers that a CLI owes to its driver. */
export type AnswerDeadlines = {
  /** Sets the ids of the answers that are owed: a new id starts its limit, a missing one ends it. */
  follow(owed: readonly string[]): void
}

/** Calls `onMissed` with each id whose limit has passed. */
export function createAnswerDeadlines(
  clock: Clock,
  milliseconds: number,
  onMissed: (id: string) => void,
): AnswerDeadlines {
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
