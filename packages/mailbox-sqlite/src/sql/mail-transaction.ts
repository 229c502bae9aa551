import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import { maxClockDriftMs } from '@subagent-mcp/mailbox/backing'

/**
 * The store and the time of the commands of one transaction: all that a change may use besides its command. `touched`: the agents whose
 * time of the last activity is this one already.
 */
export type MailTransaction = { store: SqliteStore; at: number; touched: Set<string> }

/**
 * Returns the store and the time that commands count as, which is not before that of the last command, except after a clock
 * that was far ahead. Call it only inside `write`.
 */
export function createMailTransaction(store: SqliteStore, at: number): MailTransaction {
  const last = store.rows(At, 'SELECT at FROM mailFormat')[0]?.at ?? at
  if (last > at && last - at <= maxClockDriftMs) return { store, at: last, touched: new Set() }
  if (last > at) setBack(store, { last, at })
  if (last !== at) store.run('UPDATE mailFormat SET at = ?', at)
  return { store, at, touched: new Set() }
}

const At = z.object({ at: z.number() })

/**
 * Corrects stored times after a clock that was far ahead. Later times keep their distance from the command before, so that
 * leases and retries do not wait for the wrong clock; past times are lowered to the time of this command.
 */
function setBack(store: SqliteStore, { last, at }: { last: number; at: number }): void {
  const back = last - at
  store.run("UPDATE mailMessages SET until = until - ? WHERE status = 'held' AND until >= ?", back, last)
  store.run('UPDATE mailMessages SET dueAt = dueAt - ? WHERE finished = 0 AND dueAt >= ?', back, last)
  store.run('UPDATE mailQueues SET blockedUntil = blockedUntil - ? WHERE blockedUntil >= ?', back, last)
  store.run('UPDATE mailMessages SET since = ? WHERE since > ?', at, at)
  store.run('UPDATE mailKeys SET at = ? WHERE at > ?', at, at)
  store.run('UPDATE mailAgents SET lastSeenAt = ? WHERE lastSeenAt > ?', at, at)
}
