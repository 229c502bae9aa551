import { deathNotice } from '../refusals.js'
import { insertMessage, messageById } from './messages.js'
import type { Moment } from './moment.js'

/** How a message died. */
type Death = { id: string; failure: string; tries: number }

/** Makes a message a dead letter and tells its sender. Returns who is told. Its queue is for the caller to refresh. */
export function markDead(moment: Moment, { id, failure, tries }: Death): string[] {
  const { store, at } = moment
  const dead = `UPDATE mailMessages SET status = 'dead', finished = 1, since = ?, holder = NULL, take = NULL, until = NULL,
    tries = ?, failure = ? WHERE id = ?`
  store.run(dead, at, tries, failure, id)
  const message = messageById(store, id)
  // Else notices about notices would never end.
  if (message === undefined || message.kind === 'notice' || message.from.through === 'mailbox') return []
  insertMessage(moment, {
    id: noticeId(moment, id),
    thread: message.thread,
    kind: 'notice',
    from: { name: 'mailbox', host: '', through: 'mailbox' },
    to: message.from.name,
    body: deathNotice(message, failure),
    expectsReply: false,
    replyTo: id,
    wakes: true,
  })
  return [message.from.name]
}

/** The same on each machine; a message that was revived may die again. */
function noticeId({ store }: Moment, id: string, death = 1): string {
  const notice = death === 1 ? `${id}:dead` : `${id}:dead:${death}`
  return messageById(store, notice) === undefined ? notice : noticeId({ store, at: 0 }, id, death + 1)
}
