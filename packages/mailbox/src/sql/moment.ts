import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import { longestClockDrift } from '../mail-state.js'

/** The store and the time of a command: all that a change may use besides the command itself. */
export type Moment = { store: Store; at: number }

/**
 * Returns the store and the time that a command counts as, which is not before that of the last command, except after a clock
 * that was far ahead. Call it only inside `write`.
 */
export function momentOf(store: Store, at: number): Moment {
  const last = store.rows(At, 'SELECT at FROM mailFormat')[0]?.at ?? at
  if (last > at && last - at <= longestClockDrift) return { store, at: last }
  if (last > at) setBack(store, { last, at })
  if (last !== at) store.run('UPDATE mailFormat SET at = ?', at)
  return { store, at }
}

const At = z.object({ at: z.number() })

/**
 * Corrects stored times after a clock that was far ahead. Later times keep their distance from the command before, so that
 * leases and retries do not wait for the wrong clock; past times are lowered to the time of this command.
 */
function setBack(store: Store, { last, at }: { last: number; at: number }): void {
  const back = last - at
  store.run("UPDATE mailMessages SET until = until - ? WHERE status = 'held' AND until >= ?", back, last)
  store.run('UPDATE mailMessages SET dueAt = dueAt - ? WHERE finished = 0 AND dueAt >= ?', back, last)
  store.run('UPDATE mailQueues SET blockedUntil = blockedUntil - ? WHERE blockedUntil >= ?', back, last)
  store.run('UPDATE mailMessages SET since = ? WHERE since > ?', at, at)
  store.run('UPDATE mailKeys SET at = ? WHERE at > ?', at, at)
  store.run('UPDATE mailAgents SET lastSeenAt = ? WHERE lastSeenAt > ?', at, at)
}
