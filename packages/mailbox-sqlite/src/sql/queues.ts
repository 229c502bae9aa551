import type { SqliteStore } from '@subagent-mcp/journal'
import type { TakeableMailQuery } from '@subagent-mcp/mailbox/backing'
import { z } from 'zod'
import type { MailTransaction } from './mail-transaction.js'

export type MailQueue = { recipient: string; thread: string }

/** Updates the head of a queue and until when it is blocked. Needed after each change to one of its messages. */
export function refreshQueue({ store, at }: MailTransaction, { recipient, thread }: MailQueue): void {
  const head = store.rows(
    Head,
    `SELECT seq, dueAt FROM mailMessages WHERE recipient = ? AND thread = ? AND finished = 0 AND wakes = 1
      AND status = 'waiting' ORDER BY seq LIMIT 1`,
    ...[recipient, thread],
  )[0]
  if (head === undefined) {
    store.run('DELETE FROM mailQueues WHERE recipient = ? AND thread = ?', recipient, thread)
    return
  }
  const held = store.rows(
    Until,
    `SELECT max(until) AS until FROM mailMessages WHERE recipient = ? AND thread = ? AND finished = 0
      AND status = 'held' AND seq < ?`,
    ...[recipient, thread, head.seq],
  )[0]
  const blockedUntil = Math.max(held?.until ?? 0, head.dueAt > at ? head.dueAt : 0)
  const replace =
    'INSERT OR REPLACE INTO mailQueues (recipient, thread, head, blockedUntil) VALUES (?, ?, ?, ?)'
  store.run(replace, recipient, thread, head.seq, blockedUntil === 0 ? null : blockedUntil)
}

/**
 * Adds the newest message of a thread to its queue. A queue that is there keeps its head, which is older; a new one is blocked while
 * messages of the thread are held.
 */
export function appendToQueue(
  { store }: MailTransaction,
  { recipient, thread }: MailQueue,
  seq: number,
): void {
  const append = `INSERT INTO mailQueues (recipient, thread, head, blockedUntil)
    SELECT ?, ?, ?, max(until) FROM mailMessages
      WHERE recipient = ? AND thread = ? AND finished = 0 AND status = 'held'
    ON CONFLICT DO NOTHING`
  store.run(append, recipient, thread, seq, recipient, thread)
}

const Head = z.object({ seq: z.number(), dueAt: z.number() })
const Until = z.object({ until: z.number().nullable() })

/** Refreshes the queues of an agent whose block has ended. */
export function unblockMailQueues(moment: MailTransaction, recipient: string): void {
  const { store, at } = moment
  const due = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND blockedUntil <= ?'
  for (const queue of store.rows(QueueRow, due, recipient, at)) refreshQueue(moment, queue)
}

/** The queues of an agent that are not blocked, the one with the oldest message first. */
export function selectReadyMailQueues(store: SqliteStore, recipient: string, limit: number): MailQueue[] {
  const ready = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND blockedUntil IS NULL'
  return store.rows(QueueRow, `${ready} ORDER BY head LIMIT ?`, recipient, limit)
}

/** Whether a queue has messages and is not blocked. */
export function isMailQueueReady(store: SqliteStore, { recipient, thread }: MailQueue): boolean {
  const ready = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND thread = ?'
  return store.rows(QueueRow, `${ready} AND blockedUntil IS NULL`, recipient, thread).length > 0
}

const QueueRow = z.object({ recipient: z.string(), thread: z.string() })
/** The time after which messages of an agent may become takable: the end of a lease, or a due retry. Undefined for neither. */
export function selectNextMailTakeTime(
  store: SqliteStore,
  agent: string,
  thread: string | null,
): number | undefined {
  const times = store.rows(
    Again,
    thread === null
      ? `SELECT min(until) AS again FROM mailMessages WHERE recipient = ? AND status = 'held'
          UNION ALL SELECT min(blockedUntil) FROM mailQueues WHERE recipient = ? AND blockedUntil IS NOT NULL`
      : `SELECT min(until) AS again FROM mailMessages
            WHERE recipient = ? AND thread = ? AND finished = 0 AND status = 'held'
          UNION ALL SELECT blockedUntil FROM mailQueues WHERE recipient = ? AND thread = ?`,
    ...(thread === null ? [agent, agent] : [agent, thread, agent, thread]),
  )
  const known = times.flatMap(({ again }) => again ?? [])
  return known.length === 0 ? undefined : Math.min(...known)
}

const Again = z.object({ again: z.number().nullable() })

/** Whether a take would find messages now. */
export function hasTakableMail(store: SqliteStore, { agent, instance, thread }: TakeableMailQuery): boolean {
  const ready = `SELECT 1 AS yes FROM mailQueues WHERE recipient = ? AND blockedUntil IS NULL`
  const own = `SELECT 1 AS yes FROM mailMessages WHERE holder = ? AND status = 'held'`
  const queues =
    thread === null
      ? store.rows(Yes, `${ready} LIMIT 1`, agent)
      : store.rows(Yes, `${ready} AND thread = ?`, agent, thread)
  return queues.length > 0 || store.rows(Yes, `${own} LIMIT 1`, instance).length > 0
}

const Yes = z.object({ yes: z.number() })
