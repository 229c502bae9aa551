import { isSeverityAtLeast } from '@subagent-mcp/contract'
import {
  messageContentHash,
  keyReused,
  topicMatchesEvent,
  refusedOutcome,
  replyRefusal,
  unknownRecipient,
  type MailCommand,
  type MailOutcome,
} from '@subagent-mcp/mailbox/backing'
import { changeAgent, readAgent, readAgents } from './agents.js'
import { handleUnheld } from './queue/finish.js'
import { describeMessage } from './lists/lists.js'
import {
  archivedFrom,
  findMessage,
  messageFrom,
  replySubject,
  type ArchivedMessage,
  type MailServers,
  type Recent,
} from './mail-servers.js'
import { rolesIn } from './roles.js'
import {
  DeadRecord,
  decodeRecord,
  KeyRecord,
  messageFormat,
  type MessageRecord,
} from './jetstream/records.js'
import { deadSubject, keySubject, messageSubject, modelSubject, readSubject } from './jetstream/subjects.js'

/** What sending needs: when agents were last seen here to exist, and what this machine holds. */
export type Sending = {
  servers: MailServers
  /** When this machine last knew of an agent, by its name. */
  seen: Recent<number>
  /** The agents that are in a thread, as far as this machine knows. */
  members: Recent<ReadonlySet<string>>
}

/** Sends a message to an agent. */
export async function sendMessage(sending: Sending, command: MailCommand<'send'>): Promise<MailOutcome> {
  const { servers } = sending
  const { id, from, to, body, thread, key, expectsReply } = command
  const claim = { sender: from.name, key, digest: messageContentHash([to, body]) }
  const earlier = await readKey(servers, claim)
  if (earlier && earlier.digest !== claim.digest) return keyReused(from, key)
  if (!(await isKnown(sending, to))) {
    const names = (await readAgents(servers)).map(({ name }) => name)
    return unknownRecipient(to, names.slice(0, 20))
  }
  await touch(sending, from.name)
  const roles = thread === id ? undefined : await rolesIn(sending, thread, { from: from.name, to })
  const subject = messageSubject(servers.names.prefix, {
    ...{ to, urgency: 'work', kind: 'direct', from: from.name, thread, id },
    opens: roles?.opens ?? true,
    addsSender: roles?.addsSender ?? from.name !== to,
    addsReceiver: roles?.addsReceiver ?? true,
  })
  const record = newRecord(servers, id, { id, thread, kind: 'direct', from, to, body, expectsReply })
  const copy = { subject, id, to }
  const ours = { digest: claim.digest, id, to: [to], record, copies: [copy] }
  const claimed = earlier ?? (key === undefined ? ours : await claimKey(servers, { ...claim, ours }))
  if (claimed.digest !== claim.digest) return keyReused(from, key)
  const [first = copy] = claimed.copies
  const { message, isNew } = await archive(servers, first.subject, claimed.record)
  const repeated = claimed.id !== id
  if (!isNew || repeated) {
    const described = await describeMessage(servers, message)
    return { type: 'sent', sent: { message: described, repeated }, changed: isNew ? [to] : [] }
  }
  return { type: 'sent', sent: { message: messageFrom(message), repeated }, changed: [to] }
}

/** Sends the reply to a message. The servers refuse a second one, and then the first is returned. */
export async function sendReply(
  sending: Sending,
  { id, from, message, body }: MailCommand<'reply'>,
  isHeldHere: (id: string) => boolean,
): Promise<MailOutcome> {
  const { servers } = sending
  const original = await findMessage(servers, message)
  if (original === undefined) return refusedOutcome('unknown-message', `there is no message ${message}`)
  const refused = replyRefusal(messageFrom(original), from)
  if (refused) return refused
  await touch(sending, from.name)
  const about = replySubject(original)
  const record = newRecord(servers, id, {
    ...{ id: about.id, thread: about.thread, kind: 'direct', from, to: about.to, body },
    ...{ expectsReply: false, replyTo: message },
  })
  const subject = messageSubject(servers.names.prefix, about)
  const { message: reply, isNew } = await archive(servers, subject, record)
  // The holder of a message acknowledges it; a message without a holder is handled by its reply.
  if (!isHeldHere(message)) await endUnheld(servers, original)
  if (isNew)
    return { type: 'sent', sent: { message: messageFrom(reply), repeated: false }, changed: [about.to] }
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
    const subject = modelSubject(names.prefix, reply.record.id)
    await store.put({ subject, record: { v: 1, model }, expectedSeq: 0 })
  }
  const message = await describeMessage(servers, reply)
  return { type: 'sent', sent: { message, repeated: true }, changed: [] }
}

/** Marks a message as handled that nobody holds: one that waits, or a dead letter. */
async function endUnheld({ ...servers }: MailServers, original: ArchivedMessage): Promise<void> {
  const { store, names } = servers
  const { subject, record, seq } = original
  const dead = await store.last(names.records, deadSubject(names.prefix, subject.to, record.id))
  if (dead && decodeRecord(DeadRecord, dead.data)) await store.remove(names.records, dead.seq)
  else if (await store.at(names.work, seq)) await handleUnheld(servers, [original])
}

/** Sends an event: one message to each agent that subscribes to its topic. */
export async function sendEvent(sending: Sending, command: MailCommand<'publish'>): Promise<MailOutcome> {
  const { servers } = sending
  const { id, from, topic, severity, body, key } = command
  const claim = { sender: from.name, key, digest: messageContentHash([topic, severity, body]) }
  const earlier = await readKey(servers, claim)
  if (earlier && earlier.digest !== claim.digest) return keyReused(from, key)
  await touch(sending, from.name)
  const subscribers = (earlier ? [] : await readAgents(servers)).filter(
    ({ name, topics, project }) =>
      name !== from.name && topics.some((pattern) => topicMatchesEvent(pattern, command, project)),
  )
  const to = subscribers.map(({ name }) => name)
  const copies = subscribers.map(({ name, wakes }, index) => ({
    ...{ id: `${id}:${name}`, to: name },
    subject: messageSubject(servers.names.prefix, {
      ...{ to: name, kind: 'event', from: from.name, thread: id, id: `${id}:${name}` },
      urgency: isSeverityAtLeast(severity, wakes) ? 'work' : 'quiet',
      ...{ opens: index === 0, addsSender: index === 0, addsReceiver: true },
    }),
  }))
  const event = { id, thread: id, kind: 'event', from, to: '', topic, severity, body } as const
  const record = newRecord(servers, id, { ...event, expectsReply: false })
  const ours = { digest: claim.digest, id, to, record, copies }
  const claimed = earlier ?? (key === undefined ? ours : await claimKey(servers, { ...claim, ours }))
  if (claimed.digest !== claim.digest) return keyReused(from, key)
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
  return { v: messageFormat, write, ...message, sentAt: Math.floor(servers.now()) }
}

/** Stores a message, unless it is there. The servers decide, so that a repeated write stores nothing. */
async function archive(
  { store, names, recent, requests }: MailServers,
  subject: string,
  record: MessageRecord,
): Promise<{ message: ArchivedMessage; isNew: boolean }> {
  const seq = await store.put({ subject, record, expectedSeq: 0 })
  if (seq !== undefined) {
    const message = { seq, subject: readSubject(subject), record }
    recent.set(record.id, message)
    return { message, isNew: true }
  }
  const stored = await store.last(names.archive, subject)
  if (stored === undefined) throw requests.unreachable('a message was deleted while it was sent')
  const message = archivedFrom(stored)
  return { message, isNew: message.record.write === record.write }
}

type Claim = { sender: string; key: string | undefined; digest: string }
type Claimed = Pick<KeyRecord, 'digest' | 'id' | 'to' | 'record' | 'copies'>

async function readKey({ store, names }: MailServers, { sender, key }: Claim): Promise<Claimed | undefined> {
  if (key === undefined) return undefined
  const stored = await store.last(names.records, keySubject(names.prefix, sender, key))
  return stored && decodeRecord(KeyRecord, stored.data)
}

/** Notes what is sent by a key before it is sent. Returns what the key stands for, which another process may have noted first. */
async function claimKey(servers: MailServers, claim: Claim & { ours: Claimed }): Promise<Claimed> {
  const { store, names } = servers
  const subject = keySubject(names.prefix, claim.sender, claim.key)
  const record = { v: 1, ...claim.ours }
  if ((await store.put({ subject, record, expectedSeq: 0 })) !== undefined) return claim.ours
  return (await readKey(servers, claim)) ?? claim.ours
}

/** How long a machine takes an agent to be known, without asking the servers. */
const knownMs = 600_000

async function isKnown({ servers, seen }: Sending, name: string): Promise<boolean> {
  if (servers.now() - (seen.get(name) ?? 0) < knownMs) return true
  const found = (await readAgent(servers, name)) !== undefined
  if (found) seen.set(name, servers.now())
  return found
}

/** Notes that an agent was active, and adds one that never registered. */
async function touch({ servers, seen }: Sending, name: string): Promise<void> {
  const mark = `active ${name}`
  if (servers.now() - (seen.get(mark) ?? 0) < knownMs) return
  await changeAgent(servers, name, (agent) => agent)
  seen.set(mark, servers.now())
  seen.set(name, servers.now())
}
