import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { Moment } from './moment.js'

/** What waits for an agent in one thread. */
export type Queue = { recipient: string; thread: string }

/** Says anew from where on a queue is taken, and whether it is blocked; after each change to a message of it. */
export function refreshQueue({ store, at }: Moment, { recipient, thread }: Queue): void {
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

const Head = z.object({ seq: z.number(), dueAt: z.number() })
const Until = z.object({ until: z.number().nullable() })

/** Unblocks the queues of an agent whose time has come. */
export function openQueues(moment: Moment, recipient: string): void {
  const { store, at } = moment
  const due = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND blockedUntil <= ?'
  for (const queue of store.rows(QueueRow, due, recipient, at)) refreshQueue(moment, queue)
}

/** The queues that can be taken from, the one with the oldest message first. */
export function readyQueues(store: Store, recipient: string, limit: number): Queue[] {
  const ready = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND blockedUntil IS NULL'
  return store.rows(QueueRow, `${ready} ORDER BY head LIMIT ?`, recipient, limit)
}

/** Whether one queue can be taken from. */
export function isReady(store: Store, { recipient, thread }: Queue): boolean {
  const ready = 'SELECT recipient, thread FROM mailQueues WHERE recipient = ? AND thread = ?'
  return store.rows(QueueRow, `${ready} AND blockedUntil IS NULL`, recipient, thread).length > 0
}

const QueueRow = z.object({ recipient: z.string(), thread: z.string() })
