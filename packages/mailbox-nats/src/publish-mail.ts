import { isSeverityAtLeast } from '@subagent-mcp/contract'
import {
  hashMessageContent,
  createKeyReusedRefusal,
  topicMatchesEvent,
  createRefusedMailOutcome,
  findReplyRefusal,
  createUnknownRecipientRefusal,
  type MailCommand,
  type MailOutcome,
} from '@subagent-mcp/mailbox/backing'
import { changeAgentRecord, readAgentRecord, readAgentRecords } from './agent-records.js'
import { handleUnheldMessages } from './queue/finish-take.js'
import { readMessageWithStatus } from './lists/lists.js'
import {
  readArchivedMessage,
  findMessage,
  createMessageForCaller,
  createReplySubject,
  type ArchivedMessage,
  type MailServers,
  type RecentValues,
} from './mail-servers.js'
import { findThreadRoles } from './thread-roles.js'
import {
  DeadLetterRecord,
  decodeRecord,
  MessageKeyRecord,
  messageFormatNumber,
  type MessageRecord,
} from './jetstream/records.js'
import {
  formatDeadLetterSubject,
  formatMessageKeySubject,
  formatMessageSubject,
  formatReplyModelSubject,
  parseMessageSubject,
} from './jetstream/subjects.js'

/** What sending needs: when agents were last seen here to exist, and what this machine holds. */
export type MailSendingOptions = {
  servers: MailServers
  /** When this machine last knew of an agent, by its name. */
  seen: RecentValues<number>
  /** The agents that are in a thread, as far as this machine knows. */
  members: RecentValues<ReadonlySet<string>>
}

/** Sends a message to an agent. */
export async function publishMailMessage(
  sending: MailSendingOptions,
  command: MailCommand<'send'>,
): Promise<MailOutcome> {
  const { servers, members } = sending
  const { id, from, to, body, thread, key, expectsReply } = command
  if (!(await isKnown(sending, to))) {
    const names = (await readAgentRecords(servers)).map(({ name }) => name)
    return createUnknownRecipientRefusal(to, names.slice(0, 20))
  }
  await touch(sending, from.name)
  const newThread = { opens: true, addsSender: from.name !== to, addsReceiver: true }
  const roles = thread === id ? newThread : await findThreadRoles(sending, thread, { from: from.name, to })
  const subject = formatMessageSubject(servers.names.prefix, {
    ...{ to, urgency: 'work', kind: 'direct', from: from.name, thread, id },
    ...roles,
  })
  const record = newRecord(servers, id, { id, thread, kind: 'direct', from, to, body, expectsReply })
  const ours = { id, to: [to], record, copies: [{ subject, id, to }] }
  const claimed = key === undefined ? ours : await claimKey(servers, { key, content: [to, body], ours })
  const [copy] = claimed?.copies ?? []
  if (claimed === undefined || copy === undefined) return createKeyReusedRefusal(from, key)
  const { message, isNew } = await archive(servers, copy.subject, claimed.record)
  const repeated = claimed.id !== id
  if (isNew && !repeated) {
    members.set(thread, new Set([...(members.get(thread) ?? []), from.name, to]))
    return { type: 'sent', sent: { message: createMessageForCaller(message), repeated }, changed: [to] }
  }
  const described = await readMessageWithStatus(servers, message)
  return { type: 'sent', sent: { message: described, repeated }, changed: isNew ? [to] : [] }
}

/** Sends the reply to a message. The servers refuse a second one, and then the first is returned. */
export async function publishMailReply(
  sending: MailSendingOptions,
  { id, from, message, body }: MailCommand<'reply'>,
  isHeldHere: (id: string) => boolean,
): Promise<MailOutcome> {
  const { servers } = sending
  const original = await findMessage(servers, message)
  if (original === undefined)
    return createRefusedMailOutcome('unknown-message', `there is no message ${message}`)
  const refused = findReplyRefusal(createMessageForCaller(original), from)
  if (refused) return refused
  await touch(sending, from.name)
  const about = createReplySubject(original)
  const record = newRecord(servers, id, {
    ...{ id: about.id, thread: about.thread, kind: 'direct', from, to: about.to, body },
    ...{ expectsReply: false, replyTo: message },
  })
  const subject = formatMessageSubject(servers.names.prefix, about)
  const { message: reply, isNew } = await archive(servers, subject, record)
  // The holder of a message acknowledges it; a message without a holder is handled by its reply.
  if (!isHeldHere(message)) await handleReplied(servers, original)
  if (isNew)
    return {
      type: 'sent',
      sent: { message: createMessageForCaller(reply), repeated: false },
      changed: [about.to],
    }
  return await repeatedReply(servers, reply, from.model)
}

/** Returns the first reply to a message. Adds the model, which is unknown when the first reply came from a tool call. */
async function repeatedReply(
  servers: MailServers,
  reply: ArchivedMessage,
  model: string | undefined,
): Promise<MailOutcome> {
  const { store, names } = servers
  if (reply.record.from.model === undefined && model !== undefined) {
    const subject = formatReplyModelSubject(names.prefix, reply.record.id)
    await store.put({ subject, record: { v: 1, model }, expectedSeq: 0 })
  }
  const message = await readMessageWithStatus(servers, reply)
  return { type: 'sent', sent: { message, repeated: true }, changed: [] }
}

/** Marks a message as handled that nobody holds: one that waits, or a dead letter. */
async function handleReplied(servers: MailServers, original: ArchivedMessage): Promise<void> {
  const { store, names } = servers
  const { subject, record, seq } = original
  const dead = await store.last(names.records, formatDeadLetterSubject(names.prefix, subject.to, record.id))
  if (dead && decodeRecord(DeadLetterRecord, dead.data)) await store.remove(names.records, dead.seq)
  else if (await store.at(names.work, seq)) await handleUnheldMessages(servers, [original])
}

/** Sends an event: one message to each agent that subscribes to its topic. */
export async function publishMailEvent(
  sending: MailSendingOptions,
  command: MailCommand<'publish'>,
): Promise<MailOutcome> {
  const { servers } = sending
  const { id, from, topic, severity, body, key } = command
  await touch(sending, from.name)
  const subscribers = (await readAgentRecords(servers)).filter(
    ({ name, topics, project }) =>
      name !== from.name && topics.some((pattern) => topicMatchesEvent(pattern, command, project)),
  )
  const to = subscribers.map(({ name }) => name)
  const copies = subscribers.map(({ name, wakes }, index) => ({
    ...{ id: `${id}:${name}`, to: name },
    subject: formatMessageSubject(servers.names.prefix, {
      ...{ to: name, kind: 'event', from: from.name, thread: id, id: `${id}:${name}` },
      urgency: isSeverityAtLeast(severity, wakes) ? 'work' : 'quiet',
      ...{ opens: index === 0, addsSender: index === 0, addsReceiver: true },
    }),
  }))
  const event = { id, thread: id, kind: 'event', from, to: '', topic, severity, body } as const
  const record = newRecord(servers, id, { ...event, expectsReply: false })
  const ours = { id, to, record, copies }
  const content = [topic, severity, body]
  const claimed = key === undefined ? ours : await claimKey(servers, { key, content, ours })
  if (claimed === undefined) return createKeyReusedRefusal(from, key)
  const sent = await Promise.all(
    claimed.copies.map((copy) =>
      archive(servers, copy.subject, { ...claimed.record, id: copy.id, to: copy.to }),
    ),
  )
  const changed = sent.flatMap(({ isNew, message }) => (isNew ? [message.record.to] : []))
  const published = { id: claimed.id, to: claimed.to, repeated: claimed.id !== id }
  return { type: 'published', published, changed }
}

type NewMessage = Pick<MessageRecord, 'id' | 'thread' | 'kind' | 'from' | 'to' | 'body' | 'expectsReply'> &
  Partial<Pick<MessageRecord, 'topic' | 'severity' | 'replyTo'>>

/** A record as it is sent now. `write` is an id that no other call has. */
function newRecord(servers: MailServers, write: string, message: NewMessage): MessageRecord {
  return { v: messageFormatNumber, write, ...message, sentAt: Math.floor(servers.now()) }
}

/** Stores a message, unless it is there. The servers decide, so that a repeated write stores nothing. */
async function archive(
  { store, names, recent, requests }: MailServers,
  subject: string,
  record: MessageRecord,
): Promise<{ message: ArchivedMessage; isNew: boolean }> {
  const seq = await store.put({ subject, record, expectedSeq: 0 })
  if (seq !== undefined) {
    const message = { seq, subject: parseMessageSubject(subject), record }
    recent.set(record.id, message)
    return { message, isNew: true }
  }
  const stored = await store.last(names.archive, subject)
  if (stored === undefined) throw requests.unreachable('a message was deleted while it was sent')
  const message = readArchivedMessage(stored)
  return { message, isNew: message.record.write === record.write }
}

type Claimed = Pick<MessageKeyRecord, 'id' | 'to' | 'record' | 'copies'>

/**
 * Notes what is sent by a key before it is sent. Returns what the key stands for, which another call may have noted first; `undefined`
 * when that has another content.
 */
async function claimKey(
  { store, names }: MailServers,
  { key, content, ours }: { key: string; content: readonly string[]; ours: Claimed },
): Promise<Claimed | undefined> {
  const subject = formatMessageKeySubject(names.prefix, ours.record.from.name, key)
  const digest = hashMessageContent(content)
  if ((await store.put({ subject, record: { v: 1, digest, ...ours }, expectedSeq: 0 })) !== undefined)
    return ours
  const stored = await store.last(names.records, subject)
  const noted = stored && decodeRecord(MessageKeyRecord, stored.data)
  return noted?.digest === digest ? noted : undefined
}

/** How long a machine takes an agent to be known, without asking the servers. */
const knownMs = 600_000

async function isKnown({ servers, seen }: MailSendingOptions, name: string): Promise<boolean> {
  if (servers.now() - (seen.get(name) ?? 0) < knownMs) return true
  const found = (await readAgentRecord(servers, name)) !== undefined
  if (found) seen.set(name, servers.now())
  return found
}

/** Notes that an agent was active, and adds one that never registered. */
async function touch({ servers, seen }: MailSendingOptions, name: string): Promise<void> {
  const mark = `active ${name}`
  if (servers.now() - (seen.get(mark) ?? 0) < knownMs) return
  await changeAgentRecord(servers, name, (agent) => agent)
  seen.set(mark, servers.now())
  seen.set(name, servers.now())
}
