import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { createRefusedMailOutcome, type MailCommand, type MailOutcome } from '@subagent-mcp/mailbox/backing'
import { z } from 'zod'
import {
  countFailedMailTry,
  markMessageHandled,
  requeueMail,
  selectMessagesOfTake,
  refreshQueues,
  type HeldMessage,
} from './requeue-mail.js'
import { selectMail, selectMessageById } from './messages.js'
import type { MailTransaction } from './mail-transaction.js'
import { refreshQueue } from './queues.js'

/** Extends the lease of a batch, also after its end, if nobody else has taken the messages. */
export function applyRenewMailCommand(
  moment: MailTransaction,
  { take, leaseMs }: MailCommand<'renew'>,
): MailOutcome {
  const held = selectMessagesOfTake(moment.store, take)
  const until = moment.at + leaseMs
  for (const { seq } of held) moment.store.run('UPDATE mailMessages SET until = ? WHERE seq = ?', until, seq)
  refreshQueues(moment, held)
  return { type: 'renewed', held: held.length > 0, changed: [] }
}

/** Marks messages of a take as handled. Returns also those that the same take acknowledged before. */
export function applyAcknowledgeMailCommand(
  moment: MailTransaction,
  command: MailCommand<'acknowledge'>,
): MailOutcome {
  const { take, ids } = command
  const held = only(selectMessagesOfTake(moment.store, take), ids)
  for (const { seq } of held) markMessageHandled(moment, seq)
  refreshQueues(moment, held)
  const handled = "SELECT id FROM mailMessages WHERE take = ? AND status = 'handled' ORDER BY seq"
  const done = only(moment.store.rows(IdRow, handled, take), ids)
  return { type: 'acknowledged', ids: done.map(({ id }) => id), changed: agentsOf(held) }
}

const IdRow = z.object({ id: z.string() })

/** Releases a batch or a part of it. With a failure it counts a failed try. */
export function applyReleaseMailCommand(
  moment: MailTransaction,
  command: MailCommand<'release'>,
): MailOutcome {
  const { take, ids, failure, tries } = command
  const held = only(selectMessagesOfTake(moment.store, take), ids)
  if (failure === null) {
    requeueMail(moment, held)
    return { type: 'done', changed: agentsOf(held) }
  }
  const { maxTries, backoffMs, longestBackoffMs } = tries
  const dueAt = (failed: number) => moment.at + Math.min(backoffMs * 2 ** (failed - 1), longestBackoffMs)
  const told = countFailedMailTry(moment, held, { failure, maxTries, dueAt })
  return { type: 'done', changed: [...new Set([...agentsOf(held), ...told])] }
}

function only<Row extends { id: string }>(
  rows: readonly Row[],
  ids: readonly string[] | null,
): readonly Row[] {
  return ids === null ? rows : rows.filter(({ id }) => ids.includes(id))
}

function agentsOf(messages: readonly HeldMessage[]): string[] {
  return [...new Set(messages.map(({ recipient }) => recipient))]
}

/** Marks messages that nobody holds as handled, including those before a retry and events below `wakes`. */
export function applyReadMailCommand(moment: MailTransaction, command: MailCommand<'read'>): MailOutcome {
  const { agent, ids, limit } = command
  const free = "finished = 0 AND (status = 'waiting' OR until <= ?)"
  // The + keeps SQLite from searching the ids through the index of the whole inbox.
  const whose = ids === null ? 'recipient = ?' : '+recipient = ?'
  const among = ids === null ? '' : ' AND id IN (SELECT value FROM json_each(?))'
  const messages = selectMail(
    moment.store,
    `${whose} AND ${free}${among} ORDER BY seq LIMIT ?`,
    ...[agent, moment.at, ...(ids === null ? [] : [JSON.stringify(ids)]), limit],
  )
  for (const { seq } of messages) markMessageHandled(moment, seq)
  for (const queue of new Set(messages.map((message) => message.thread))) {
    refreshQueue(moment, { recipient: agent, thread: queue })
  }
  const handled = messages.map((message): MailboxMessage => ({ ...message, status: 'handled' }))
  return { type: 'messages', messages: handled, changed: messages.length === 0 ? [] : [agent] }
}

/** Returns a dead letter to its queue, with its number of tries reset. */
export function applyReviveMailCommand(moment: MailTransaction, { id }: MailCommand<'revive'>): MailOutcome {
  const { store, at } = moment
  const dead = selectMessageById(store, id)
  if (dead?.status !== 'dead')
    return createRefusedMailOutcome('unknown-message', `there is no dead letter ${id}`)
  const again = `UPDATE mailMessages SET status = 'waiting', finished = 0, since = ?, tries = 0, dueAt = 0, failure = NULL
    WHERE id = ?`
  store.run(again, at, id)
  refreshQueue(moment, { recipient: dead.to, thread: dead.thread })
  const message = selectMessageById(store, id)
  return { type: 'messages', messages: message === undefined ? [] : [message], changed: [dead.to] }
}
