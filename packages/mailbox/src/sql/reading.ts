import type { CommandOf } from '../command.js'
import type { Message } from '../mailbox.js'
import type { Outcome } from '../outcome.js'
import { markHandled } from './giving-back.js'
import { messageById, messagesWhere } from './messages.js'
import type { Moment } from './moment.js'
import { refreshQueue } from './queues.js'
import { refusedOutcome } from '../refusals.js'

/** Marks messages that nobody holds as handled, including those before a retry and events below `wakes`. */
export function applyRead(moment: Moment, command: CommandOf<'read'>): Outcome {
  const { agent, ids, limit } = command
  const free = "finished = 0 AND (status = 'waiting' OR until <= ?)"
  // The + keeps SQLite from searching the ids through the index of the whole inbox.
  const whose = ids === null ? 'recipient = ?' : '+recipient = ?'
  const among = ids === null ? '' : ' AND id IN (SELECT value FROM json_each(?))'
  const messages = messagesWhere(
    moment.store,
    `${whose} AND ${free}${among} ORDER BY seq LIMIT ?`,
    ...[agent, moment.at, ...(ids === null ? [] : [JSON.stringify(ids)]), limit],
  )
  for (const { seq } of messages) markHandled(moment, seq)
  for (const queue of new Set(messages.map((message) => message.thread))) {
    refreshQueue(moment, { recipient: agent, thread: queue })
  }
  const handled = messages.map((message): Message => ({ ...message, status: 'handled' }))
  return { type: 'messages', messages: handled, changed: messages.length === 0 ? [] : [agent] }
}

/** Returns a dead letter to its queue, with its number of tries reset. */
export function applyRevive(moment: Moment, { id }: CommandOf<'revive'>): Outcome {
  const { store, at } = moment
  const dead = messageById(store, id)
  if (dead?.status !== 'dead') return refusedOutcome('unknown-message', `there is no dead letter ${id}`)
  const again = `UPDATE mailMessages SET status = 'waiting', finished = 0, since = ?, tries = 0, dueAt = 0, failure = NULL
    WHERE id = ?`
  store.run(again, at, id)
  refreshQueue(moment, { recipient: dead.to, thread: dead.thread })
  const message = messageById(store, id)
  return { type: 'messages', messages: message === undefined ? [] : [message], changed: [dead.to] }
}
