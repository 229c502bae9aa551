import type { MailboxMessage, MailboxLimits } from '@subagent-mcp/mailbox'
import { setTimeout as pause } from 'node:timers/promises'
import type { DeliveryHints } from './jetstream/delivery-hints.js'
import type { MailStreamNames } from './jetstream/stream-names.js'
import { decodeRecord, MessageRecord } from './jetstream/records.js'
import type { JetStreamRequests } from './jetstream/requests.js'
import type { JetStreamStore, StoredRecord } from './jetstream/store.js'
import {
  formatMessageFilter,
  formatMessageSubject,
  parseMessageSubject,
  type MessageSubject,
} from './jetstream/subjects.js'

/** The servers of a mailbox as all its parts use them. */
export type MailServers = {
  names: MailStreamNames
  store: JetStreamStore
  hints: DeliveryHints
  requests: JetStreamRequests
  rules: MailboxLimits
  keeper: string
  /** The time of the servers, Unix milliseconds, by which leases are measured: clocks of machines differ. */
  now(): number
  /** Whether a lease has ended. False until the time of the servers is known: another machine sees the end then. */
  isOver(until: number): boolean
  /** Messages that this machine has just seen, by id; the oldest are forgotten. */
  recent: RecentValues<ArchivedMessage>
  log(line: string): void
}

/** A message as it was sent. Its status is elsewhere. */
export type ArchivedMessage = { seq: number; subject: MessageSubject; record: MessageRecord }

/** Values by name, of which the oldest are forgotten. */
export type RecentValues<Value> = {
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  delete(name: string): void
}

/** Creates a collection of at most `most` values. */
export function createRecentValues<Value>(most: number): RecentValues<Value> {
  const values = new Map<string, Value>()
  return {
    get: (name) => values.get(name),
    delete: (name) => values.delete(name),
    set: (name, value) => {
      values.delete(name)
      values.set(name, value)
      const [oldest] = values.keys()
      if (values.size > most && oldest !== undefined) values.delete(oldest)
    },
  }
}

/** Reads a stored message. One of a newer format has a text that says so. */
export function readArchivedMessage({
  seq,
  subject,
  data,
  at,
}: StoredRecord): ArchivedMessage & { isNewer: boolean } {
  const about = parseMessageSubject(subject)
  const known = decodeRecord(MessageRecord, data)
  if (known !== undefined) return { seq, subject: about, record: known, isNewer: false }
  const from = { name: about.from, host: '', through: 'agent' } as const
  const body =
    'This message has a format that this version of subagent-mcp cannot read. Update subagent-mcp on this machine.'
  const record = { ...about, v: 1, write: '', from, body, sentAt: at, expectsReply: false } as const
  return { seq, subject: about, record, isNewer: true }
}

/** Finds a message by its id. */
export async function findMessage(
  { store, names, recent }: MailServers,
  id: string,
): Promise<ArchivedMessage | undefined> {
  const known = recent.get(id)
  if (known !== undefined) return known
  const filter = formatMessageFilter(names.prefix, { id })
  const stored = await store.last(names.archive, filter)
  if (stored === undefined) return undefined
  const { isNewer: _, ...found } = readArchivedMessage(stored)
  recent.set(id, found)
  return found
}

/** The id of the reply to a message. It follows from the message's, so that the servers refuse a second reply. */
export function computeReplyId(message: string): string {
  return `${message}:re`
}

/** The parts of the subject of the reply to a message. */
export function createReplySubject({ subject, record }: ArchivedMessage): MessageSubject {
  return {
    to: subject.from,
    urgency: 'work',
    kind: 'direct',
    from: subject.to,
    ...{ opens: false, addsSender: false, addsReceiver: false },
    thread: record.thread,
    id: computeReplyId(record.id),
  }
}

/** Returns the reply to a message. */
export async function findReply(
  { store, names }: MailServers,
  message: ArchivedMessage,
): Promise<ArchivedMessage | undefined> {
  if (message.record.from.through === 'mailbox') return undefined
  const stored = await store.last(
    names.archive,
    formatMessageSubject(names.prefix, createReplySubject(message)),
  )
  return stored === undefined ? undefined : readArchivedMessage(stored)
}

/** Waits until the servers' copy of the archive has all that the archive has, so that a view has the caller's own messages. */
export async function waitUntilArchiveCopied({ store, names, requests }: MailServers): Promise<void> {
  const lastSeq = await store.lastSeq(names.archive)
  for (let wait = 1, waited = 0; ; waited += wait, wait = Math.min(2 * wait, 100)) {
    if ((await store.lastSeq(names.work)) >= lastSeq) return
    if (waited > longestCopyMs) throw requests.unreachable(`${names.work} does not follow ${names.archive}`)
    await pause(wait)
  }
}

/** The longest time for which a stream that copies another may stand still: when its server ends, its next leader begins within ten seconds. */
const longestCopyMs = 15_000

/** Turns a message into what callers get. */
export function createMessageForCaller(
  { seq, record }: ArchivedMessage,
  state: Partial<Pick<MailboxMessage, 'status' | 'tries' | 'failure' | 'repliedBy'>> & {
    model?: string
  } = {},
): MailboxMessage {
  const { id, thread, kind, to, body, sentAt, expectsReply, replyTo, topic, severity } = record
  const { status = 'waiting', tries = 0, failure, repliedBy } = state
  const model = record.from.model ?? state.model
  const { name, host, through } = record.from
  return {
    ...{ id, seq, thread, kind, to, body, sentAt, expectsReply, status, tries },
    from: { name, host, through, ...(model !== undefined && { model }) },
    ...(replyTo !== undefined && { replyTo }),
    ...(topic !== undefined && { topic }),
    ...(severity !== undefined && { severity }),
    ...(failure !== undefined && { failure }),
    ...(repliedBy !== undefined && { repliedBy }),
  }
}
