import type { Clock } from '@subagent-mcp/contract'
import type { Runner, Words } from './run-words.js'

/** What a question is asked with: `onSlow` is called with each command that runs for longer than four seconds. */
export type Patience = { clock: Clock; seconds: number; onSlow: (words: Words) => void }

/** A runner whose commands share one time limit, since they are one question to whoever asked it. */
export function askInTime(run: Runner, { clock, seconds, onSlow }: Patience): Runner {
  const deadline = clock.now() + seconds * 1000
  return async (order) => {
    const left = Math.max(1, Math.ceil((deadline - clock.now()) / 1000))
    const answered = clock.after(slowMs, () => {
      onSlow(order.words)
    })
    try {
      return await run({ ...order, seconds: Math.min(order.seconds, left) })
    } finally {
      answered()
    }
  }
}

const slowMs = 4_000
