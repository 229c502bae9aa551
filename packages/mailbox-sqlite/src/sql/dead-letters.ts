import { formatDeadLetterNotice } from '@subagent-mcp/mailbox/backing'
import { insertMessage, selectMessageById } from './messages.js'
import type { MailTransaction } from './mail-transaction.js'

/** The message that becomes a dead letter, the reason, and the number of its tries. */
type Death = { id: string; failure: string; tries: number }

/** Makes a message a dead letter and sends its sender a notice. Returns the agents that get one. Does not refresh the queue. */
export function markMessageDead(moment: MailTransaction, { id, failure, tries }: Death): string[] {
  const { store, at } = moment
  const dead = `UPDATE mailMessages SET status = 'dead', finished = 1, since = ?, holder = NULL, take = NULL, until = NULL,
    tries = ?, failure = ? WHERE id = ?`
  store.run(dead, at, tries, failure, id)
  const message = selectMessageById(store, id)
  // A notice gets no notice, because they would never end.
  if (message === undefined || message.kind === 'notice' || message.from.through === 'mailbox') return []
  insertMessage(moment, {
    id: noticeId(moment, id),
    thread: message.thread,
    kind: 'notice',
    from: { name: 'mailbox', host: '', through: 'mailbox' },
    to: message.from.name,
    body: formatDeadLetterNotice(message, failure),
    expectsReply: false,
    replyTo: id,
    wakes: true,
  })
  return [message.from.name]
}

/** An unused id for a notice, the same on each machine. A revived message can become a dead letter again. */
function noticeId({ store }: Pick<MailTransaction, 'store'>, id: string, death = 1): string {
  const notice = death === 1 ? `${id}:dead` : `${id}:dead:${death}`
  return selectMessageById(store, notice) === undefined ? notice : noticeId({ store }, id, death + 1)
}
