import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Command } from '../command.js'
import type { Sender } from '../mailbox.js'
import type { Outcome } from '../outcome.js'
import { finish, refreshQueues } from './giving-back.js'
import { insertMessage, messageById } from './messages.js'
import type { Moment } from './moment.js'
import { refuse } from './refuse.js'
import { seen } from './registering.js'

/** A message of one agent to another. */
export function send(moment: Moment, command: Extract<Command, { type: 'send' }>): Outcome {
  const { id, from, to, body, thread, key, expectsReply } = command
  const earlier = earlierBy(moment, { id, from, key, content: [to, body] })
  if (earlier?.isOther === true) return otherContent(from, key)
  const message = messageById(moment.store, earlier?.id ?? id)
  if (message !== undefined)
    return { type: 'sent', sent: { message, repeated: message.id !== id }, changed: [] }
  if (!isKnown(moment, to)) return unknownRecipient(moment, to)
  seen(moment, from.name)
  remember(moment, { id, from, key, content: [to, body] })
  insertMessage(moment, { id, thread, kind: 'direct', from, to, body, expectsReply, wakes: true })
  return sent(moment, id)
}

/** An answer to a message by the agent that it was sent to: one, whoever asks again. */
export function reply(moment: Moment, command: Extract<Command, { type: 'reply' }>): Outcome {
  const { id, from, message, body } = command
  const original = messageById(moment.store, message)
  if (original === undefined) return refuse('unknown-message', `there is no message ${message}`)
  if (original.to !== from.name) {
    const theirs = `message ${message} was sent to ${original.to}: only ${original.to} can reply to it`
    return refuse('invalid-parameter', theirs, 'send a message instead')
  }
  if (original.from.through === 'mailbox') {
    return refuse('invalid-parameter', `message ${message} is of the mailbox itself: nobody reads a reply`)
  }
  if (original.repliedBy !== undefined) return repeatedReply(moment, original.repliedBy, command)
  seen(moment, from.name)
  moment.store.run('UPDATE mailMessages SET repliedBy = ? WHERE id = ?', id, message)
  // Who holds it acknowledges it; of what nobody holds, the reply is the end.
  if (original.status === 'waiting' || original.status === 'dead') {
    finish(moment, original.seq)
    refreshQueues(moment, [{ recipient: original.to, thread: original.thread }])
  }
  const { thread, from: asker } = original
  const answer = { id, thread, kind: 'direct', from, to: asker.name, body, expectsReply: false } as const
  insertMessage(moment, { ...answer, replyTo: message, wakes: true })
  return sent(moment, id)
}

/** A turn that replies by a tool does not know its model; the worker that repeats the reply does. */
function repeatedReply(
  { store }: Moment,
  repliedBy: string,
  { id, from }: Extract<Command, { type: 'reply' }>,
): Outcome {
  if (from.model !== undefined)
    store.run('UPDATE mailMessages SET model = ? WHERE id = ? AND model IS NULL', from.model, repliedBy)
  const message = messageById(store, repliedBy)
  if (message === undefined) return refuse('unknown-message', `the reply ${repliedBy} is not kept any more`)
  return { type: 'sent', sent: { message, repeated: repliedBy !== id }, changed: [] }
}

function sent({ store }: Moment, id: string): Outcome {
  const message = messageById(store, id)
  if (message === undefined) throw new Error(`message ${id} was not written`)
  return { type: 'sent', sent: { message, repeated: false }, changed: [message.to] }
}

/** What a sender's key stands for: it may be sent again, not changed. */
type Keyed = { id: string; from: Sender; key: string | undefined; content: readonly string[] }

/** What was sent by the same key before. */
export function earlierBy(
  { store }: Moment,
  { from, key, content }: Keyed,
): { id: string; isOther: boolean } | undefined {
  if (key === undefined) return undefined
  const byKey = 'SELECT id, content FROM mailKeys WHERE sender = ? AND key = ?'
  const earlier = store.rows(KeyRow, byKey, from.name, key)[0]
  if (earlier === undefined) return undefined
  return { id: earlier.id, isOther: earlier.content !== digest(content) }
}

const KeyRow = z.object({ id: z.string(), content: z.string() })

export function remember({ store, at }: Moment, { id, from, key, content }: Keyed): void {
  if (key === undefined) return
  const insert = 'INSERT INTO mailKeys (sender, key, id, content, at) VALUES (?, ?, ?, ?, ?)'
  store.run(insert, from.name, key, id, digest(content), at)
}

function digest(content: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

export function otherContent(from: Sender, key: string | undefined): Outcome {
  const words = `${from.name} has sent something else by the key ${key ?? ''} before`
  return refuse('invalid-parameter', words, 'a key stands for one message: use a new one')
}

function isKnown({ store }: Moment, name: string): boolean {
  return store.rows(NameRow, 'SELECT name FROM mailAgents WHERE name = ?', name).length > 0
}

function unknownRecipient({ store }: Moment, to: string): Outcome {
  const known = store
    .rows(NameRow, 'SELECT name FROM mailAgents ORDER BY name LIMIT 20')
    .map(({ name }) => name)
  const hint = known.length === 0 ? 'no agent is known yet' : `known are: ${known.join(', ')}`
  return refuse('unknown-recipient', `no agent is named ${to}`, hint)
}

const NameRow = z.object({ name: z.string() })
