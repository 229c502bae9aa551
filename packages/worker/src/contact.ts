import type { Clock } from '@subagent-mcp/contract'
import { backoffMs, pause } from './backoff.js'
import { isUnreachable, oneLine } from './describe-error.js'

/** Calls that wait until the mailbox can be reached. */
export type Contact = {
  /** Tries for ever while it cannot be reached; when the signal aborts, rejects with what the last try said. */
  reach<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>
}

/** `onLost` and `onFound` are called in turns: when it cannot be reached any more, and when it can again. */
export function createContact({ clock, onLost, onFound }: ContactOrder): Contact {
  let lost = false
  return {
    reach: async (call, signal) => {
      for (let failures = 1; ; failures++) {
        try {
          const answer = await call()
          if (lost) onFound()
          lost = false
          return answer
        } catch (error) {
          if (!isUnreachable(error)) throw error
          if (!lost) onLost(oneLine(error))
          lost = true
          await pause(backoffMs(failures), { clock, signal })
          if (signal.aborted) throw error
        }
      }
    },
  }
}

type ContactOrder = { clock: Clock; onLost: (problem: string) => void; onFound: () => void }
