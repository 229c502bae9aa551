import { z } from 'zod'
import {
  type MailCommand,
  type MailOutcome,
  hashMessageContent,
  createKeyReusedRefusal,
  createRefusedMailOutcome,
  findReplyRefusal,
  createUnknownRecipientRefusal,
} from '@subagent-mcp/mailbox/backing'
import type { MailboxMessage, MessageSender } from '@subagent-mcp/mailbox'
import { markMessageHandled, refreshQueues } from './requeue-mail.js'
import { insertMessage, insertMessageIfRecipientKnown, selectMessageById } from './messages.js'
import type { MailTransaction } from './mail-transaction.js'
import { recordMailAgentRowActivity } from './registering.js'

export function applySendMailCommand(moment: MailTransaction, command: MailCommand<'send'>): MailOutcome {
  const { id, from, to, body, thread, key, expectsReply } = command
  const earlier = selectMessageByKey(moment, { id, from, key, content: [to, body] })
  if (earlier?.isOther === true) return createKeyReusedRefusal(from, key)
  const repeated = earlier && selectMessageById(moment.store, earlier.id)
  if (repeated) return repeatedSend(repeated, id)
  const mail = { id, thread, kind: 'direct', from, to, body, expectsReply, wakes: true } as const
  const message = insertMessageIfRecipientKnown(moment, mail)
  if (message === undefined) {
    const there = selectMessageById(moment.store, id)
    return there ? repeatedSend(there, id) : createUnknownRecipientRefusal(to, knownNames(moment))
  }
  recordMailAgentRowActivity(moment, from.name)
  storeMessageKey(moment, { id, from, key, content: [to, body] })
  return sent(message)
}

function repeatedSend(message: MailboxMessage, id: string): MailOutcome {
  return { type: 'sent', sent: { message, repeated: message.id !== id }, changed: [] }
}

/** Sends the reply to a message. A message has one reply; a repeated reply returns the first. */
export function applyReplyMailCommand(moment: MailTransaction, command: MailCommand<'reply'>): MailOutcome {
  const { id, from, message, body } = command
  const original = selectMessageById(moment.store, message)
  if (original === undefined)
    return createRefusedMailOutcome('unknown-message', `there is no message ${message}`)
  const refused = findReplyRefusal(original, from)
  if (refused) return refused
  if (original.repliedBy !== undefined) return repeatedReply(moment, original.repliedBy, command)
  recordMailAgentRowActivity(moment, from.name)
  moment.store.run('UPDATE mailMessages SET repliedBy = ? WHERE id = ?', id, message)
  // The holder of a message acknowledges it; a message without a holder is handled by its reply.
  if (original.status === 'waiting' || original.status === 'dead') {
    markMessageHandled(moment, original.seq)
    refreshQueues(moment, [{ recipient: original.to, thread: original.thread }])
  }
  const { thread, from: asker } = original
  const answer = { id, thread, kind: 'direct', from, to: asker.name, body, expectsReply: false } as const
  return sent(insertMessage(moment, { ...answer, replyTo: message, wakes: true }))
}

/** Returns the reply that a message already has. When a worker repeats a reply from a tool call, its model is added. */
function repeatedReply(
  { store }: MailTransaction,
  repliedBy: string,
  { id, from }: MailCommand<'reply'>,
): MailOutcome {
  if (from.model !== undefined)
    store.run('UPDATE mailMessages SET model = ? WHERE id = ? AND model IS NULL', from.model, repliedBy)
  const message = selectMessageById(store, repliedBy)
  if (message === undefined)
    return createRefusedMailOutcome('unknown-message', `the reply ${repliedBy} is not kept any more`)
  return { type: 'sent', sent: { message, repeated: repliedBy !== id }, changed: [] }
}

function sent(message: MailboxMessage): MailOutcome {
  return { type: 'sent', sent: { message, repeated: false }, changed: [message.to] }
}

/** A message with its sender's key. The same key can only repeat the same content. */
type Keyed = { id: string; from: MessageSender; key: string | undefined; content: readonly string[] }

/** The message that was sent with the same key before. */
export function selectMessageByKey(
  { store }: MailTransaction,
  { from, key, content }: Keyed,
): { id: string; isOther: boolean } | undefined {
  if (key === undefined) return undefined
  const byKey = 'SELECT id, content FROM mailKeys WHERE sender = ? AND key = ?'
  const earlier = store.rows(KeyRow, byKey, from.name, key)[0]
  if (earlier === undefined) return undefined
  return { id: earlier.id, isOther: earlier.content !== hashMessageContent(content) }
}

const KeyRow = z.object({ id: z.string(), content: z.string() })

export function storeMessageKey({ store, at }: MailTransaction, { id, from, key, content }: Keyed): void {
  if (key === undefined) return
  const insert = 'INSERT INTO mailKeys (sender, key, id, content, at) VALUES (?, ?, ?, ?, ?)'
  store.run(insert, from.name, key, id, hashMessageContent(content), at)
}

function knownNames({ store }: MailTransaction): string[] {
  return store.rows(NameRow, 'SELECT name FROM mailAgents ORDER BY name LIMIT 20').map(({ name }) => name)
}

const NameRow = z.object({ name: z.string() })
