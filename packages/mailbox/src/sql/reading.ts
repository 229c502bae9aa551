import type { MailCommand } from '../command.js'
import type { Message } from '../mailbox.js'
import type { MailOutcome } from '../outcome.js'
import { markMessageHandled } from './giving-back.js'
import { selectMessageById, selectMail } from './messages.js'
import type { Moment } from './moment.js'
import { refreshQueue } from './queues.js'
import { refusedOutcome } from '../refusals.js'

/** Marks messages that nobody holds as handled, including those before a retry and events below `wakes`. */
export function applyMailRead(moment: Moment, command: MailCommand<'read'>): MailOutcome {
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
  const handled = messages.map((message): Message => ({ ...message, status: 'handled' }))
  return { type: 'messages', messages: handled, changed: messages.length === 0 ? [] : [agent] }
}

/** Returns a dead letter to its queue, with its number of tries reset. */
export function applyMailRevive(moment: Moment, { id }: MailCommand<'revive'>): MailOutcome {
  const { store, at } = moment
  const dead = selectMessageById(store, id)
  if (dead?.status !== 'dead') return refusedOutcome('unknown-message', `there is no dead letter ${id}`)
  const again = `UPDATE mailMessages SET status = 'waiting', finished = 0, since = ?, tries = 0, dueAt = 0, failure = NULL
    WHERE id = ?`
  store.run(again, at, id)
  refreshQueue(moment, { recipient: dead.to, thread: dead.thread })
  const message = selectMessageById(store, id)
  return { type: 'messages', messages: message === undefined ? [] : [message], changed: [dead.to] }
}
