import { createHash } from 'node:crypto'
import type { AskedTurn } from './dialects/dialect.js'

/** How often the same turn was asked for before: a CLI's retries differ in their bodies, but not in this. */
export type TryCounter = (asked: Pick<AskedTurn, 'session' | 'conversation'>) => number

/** A counter that has seen nothing. */
export function createTryCounter(): TryCounter {
  const counts = new Map<string, number>()
  return ({ session, conversation }) => {
    const key = createHash('sha1')
      .update(JSON.stringify([session, conversation]))
      .digest('base64')
    const earlier = counts.get(key) ?? 0
    counts.set(key, earlier + 1)
    return earlier
  }
}
