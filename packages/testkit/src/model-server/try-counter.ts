import { createHash } from 'node:crypto'
import type { AskedTurn } from './dialects/dialect.js'

/** Counts earlier requests for the same turn. Retries of a CLI differ in their bodies, but not in the conversation. */
export type TryCounter = (asked: Pick<AskedTurn, 'session' | 'conversation'>) => number

/** Creates a counter of tries, which has counted nothing. */
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
