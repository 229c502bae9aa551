import { isSeverityAtLeast } from '@subagent-mcp/contract'
import type { MailCommand } from '../mailbox-command.js'
import type { MessageSender } from '../mailbox.js'
import type { MailOutcome } from '../mail-outcome.js'
import {
  hashMessageContent,
  createKeyReusedRefusal,
  createRefusedMailOutcome,
  findReplyRefusal,
  createUnknownRecipientRefusal,
} from '../refusals.js'

import { topicMatchesEvent } from '../topics.js'
import { recordMailAgentActivity, type MemoryMail } from './memory-mail.js'
import { finishMailEntry } from './take-mail-entries.js'

export function sendMailEntry(memory: MemoryMail, command: MailCommand<'send'>, at: number): MailOutcome {
  const { id, from, to, body, thread, key, expectsReply } = command
  const keyed = { id, from, key, content: hashMessageContent([to, body]) }
  const earlier = earlierBy(memory, keyed)
  if (earlier && earlier.content !== keyed.content) return createKeyReusedRefusal(from, key)
  const known = memory.letters.find(earlier?.id ?? id)
  if (known)
    return { type: 'sent', sent: { message: known.message, repeated: known.message.id !== id }, changed: [] }
  if (!memory.agents.has(to))
    return createUnknownRecipientRefusal(to, [...memory.agents.keys()].toSorted().slice(0, 20))
  recordMailAgentActivity(memory, from.name, at)
  remember(memory, keyed, at)
  memory.letters.add({ id, thread, kind: 'direct', from, to, body, expectsReply }, { wakes: true, at })
  return sent(memory, id)
}

/** Sends the reply to a message. A repeated reply returns the first. */
export function sendMailReply(
  memory: MemoryMail,
  { id, from, message, body }: MailCommand<'reply'>,
  at: number,
): MailOutcome {
  const { letters } = memory
  const original = letters.find(message)
  if (!original) return createRefusedMailOutcome('unknown-message', `there is no message ${message}`)
  const refused = findReplyRefusal(original.message, from)
  if (refused) return refused
  const { repliedBy, status, thread, from: asker } = original.message
  if (repliedBy !== undefined) return repeatedReply(memory, repliedBy, { id, from })
  recordMailAgentActivity(memory, from.name, at)
  letters.change(message, { repliedBy: id })
  // The holder of a message acknowledges it; a message without a holder is handled by its reply.
  if (status === 'waiting' || status === 'dead') finishMailEntry(memory, original, at)
  letters.add(
    { id, thread, kind: 'direct', from, to: asker.name, body, expectsReply: false, replyTo: message },
    { wakes: true, at },
  )
  return sent(memory, id)
}

/** Returns the first reply to a message. Adds the model, which is unknown when the first reply came from a tool call. */
function repeatedReply(
  { letters }: MemoryMail,
  repliedBy: string,
  { id, from: { model } }: { id: string; from: MessageSender },
): MailOutcome {
  const first = letters.find(repliedBy)?.message
  if (first && first.from.model === undefined && model !== undefined)
    letters.change(repliedBy, { from: { ...first.from, model } })
  const message = letters.find(repliedBy)?.message
  if (!message)
    return createRefusedMailOutcome('unknown-message', `the reply ${repliedBy} is not kept any more`)
  return { type: 'sent', sent: { message, repeated: repliedBy !== id }, changed: [] }
}

export function sendMailEvent(memory: MemoryMail, command: MailCommand<'publish'>, at: number): MailOutcome {
  const { id, from, topic, severity, body, key } = command
  const keyed = { id, from, key, content: hashMessageContent([topic, severity, body]) }
  const earlier = earlierBy(memory, keyed)
  if (earlier && earlier.content !== keyed.content) return createKeyReusedRefusal(from, key)
  const published = earlier?.id ?? id
  const to = memory.letters
    .all()
    .filter(({ message }) => message.thread === published && message.kind === 'event')
    .map(({ message }) => message.to)
  if (earlier || to.length > 0)
    return { type: 'published', published: { id: published, to, repeated: published !== id }, changed: [] }
  recordMailAgentActivity(memory, from.name, at)
  remember(memory, keyed, at)
  const subscribers = [...memory.agents]
    .filter(([name, { topics }]) => name !== from.name && topics.length > 0)
    .filter(([, { topics, project }]) =>
      topics.some((pattern) => topicMatchesEvent(pattern, command, project)),
    )
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  const event = { thread: id, kind: 'event', from, topic, severity, body, expectsReply: false } as const
  for (const [name, { wakes }] of subscribers)
    memory.letters.add(
      { ...event, id: `${id}:${name}`, to: name },
      { wakes: isSeverityAtLeast(severity, wakes), at },
    )
  const names = subscribers.map(([name]) => name)
  return { type: 'published', published: { id, to: names, repeated: false }, changed: names }
}

function sent({ letters }: MemoryMail, id: string): MailOutcome {
  const message = letters.find(id)?.message
  if (!message) throw new Error(`message ${id} was not written`)
  return { type: 'sent', sent: { message, repeated: false }, changed: [message.to] }
}

/** A message with its sender's key. The same key can only repeat the same content. */
type Keyed = { id: string; from: MessageSender; key: string | undefined; content: string }

function earlierBy({ keys }: MemoryMail, keyed: Keyed): { id: string; content: string } | undefined {
  return keyed.key === undefined ? undefined : keys.get(keyOf(keyed))
}

function remember({ keys }: MemoryMail, keyed: Keyed, at: number): void {
  if (keyed.key !== undefined) keys.set(keyOf(keyed), { id: keyed.id, content: keyed.content, at })
}

function keyOf({ from, key }: Keyed): string {
  return JSON.stringify([from.name, key])
}
