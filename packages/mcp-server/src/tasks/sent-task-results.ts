import type { ReceiptListener } from '../transport/answer-receipts.js'

/** The results of tasks that were sent to the host and of which it is not known whether they arrived. */
export type SentTaskResults = {
  /** Returns the receipt of a task's result, which settles once. */
  track(taskId: string, receipt: ReceiptListener): ReceiptListener
  /** Settles a result as lost, unless it is known to have arrived. */
  drop(taskId: string): void
}

/** Creates the record of sent results. A result that the host has cancelled before it arrived counts as lost, because the host drops it. */
export function createSentTaskResults(): SentTaskResults {
  const losses = new Map<string, () => void>()
  return {
    track: (taskId, { received, lost }) => {
      let isSettled = false
      const settle = (act: (() => void) | undefined): void => {
        if (isSettled) return
        isSettled = true
        if (losses.get(taskId) === lose) losses.delete(taskId)
        act?.()
      }
      const lose = (): void => {
        settle(() => lost?.(false))
      }
      losses.set(taskId, lose)
      return {
        received: () => {
          settle(received)
        },
        lost: (wasSent) => {
          settle(() => lost?.(wasSent))
        },
      }
    },
    drop: (taskId) => {
      losses.get(taskId)?.()
    },
  }
}
