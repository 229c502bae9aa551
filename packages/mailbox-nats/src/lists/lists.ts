import { mailPageSizes } from '@subagent-mcp/contract'
import type {
  MailList,
  MailboxMessage,
  MailPageAfter,
  MailPageBefore,
  MailPageLimit,
} from '@subagent-mcp/mailbox'
import {
  readArchivedMessage,
  findReply,
  createMessageForCaller,
  computeReplyId,
  waitUntilArchiveCopied,
  type ArchivedMessage,
  type MailServers,
} from '../mail-servers.js'
import { readNewestRecords } from './newest-records.js'
import { readAgentQueues } from '../queue/queue-lists.js'
import { readQueueRecord } from '../queue/queue-records.js'
import { DeadLetterRecord, decodeRecord, ReplyModelRecord, type QueueRecord } from '../jetstream/records.js'
import { readRecordsOfRange } from '../jetstream/store.js'
import {
  formatDeadLetterSubject,
  formatMessageFilter,
  formatReplyModelSubject,
  type MessageSubject,
} from '../jetstream/subjects.js'

type InboxQuery = { agent: string; after: number; limit: number; urgency?: MessageSubject['urgency'] }

/** The unhandled messages of an agent, oldest first, in a page that starts after a sequence number. */
export async function readUnhandledMail(
  servers: MailServers,
  query: InboxQuery,
): Promise<(ArchivedMessage & { state: UnhandledState })[]> {
  await waitUntilArchiveCopied(servers)
  const { agent, after, limit, urgency } = query
  const queues = await readAgentQueues(servers, agent)
  const ended = new Set(queues.flatMap(({ ending }) => ending.map(({ id }) => id)))
  const filter = formatMessageFilter(servers.names.prefix, { to: agent, ...(urgency && { urgency }) })
  const found: ArchivedMessage[] = []
  const range = { stream: servers.names.work, filter, from: after + 1 }
  for await (const stored of readRecordsOfRange(servers.store, range, limit)) {
    const message = readArchivedMessage(stored)
    if (!ended.has(message.record.id)) found.push(message)
    if (found.length === limit) break
  }
  if (urgency !== 'quiet') found.push(...(await revivedIn(servers, queues, after)))
  const unhandled = found.toSorted((one, other) => one.seq - other.seq).slice(0, limit)
  return unhandled.map((message) => ({ ...message, state: stateIn(queues, message.record.id) }))
}

type UnhandledState = { status: 'waiting' | 'held'; tries?: number; failure?: string }

/** Dead letters that were returned to their queues. */
async function revivedIn(
  { store, names }: MailServers,
  queues: readonly QueueRecord[],
  after: number,
): Promise<ArchivedMessage[]> {
  const revived = queues.flatMap((queue) =>
    queue.revived.filter(({ seq, id }) => seq > after && !queue.ending.some((each) => each.id === id)),
  )
  const stored = await Promise.all(revived.map(({ seq }) => store.at(names.archive, seq)))
  return stored.flatMap((each) => (each === undefined ? [] : [readArchivedMessage(each)]))
}

/** The status of a message that is not handled, from the records of its agent's queues. */
function stateIn(queues: readonly QueueRecord[], id: string): UnhandledState {
  const isHeld = queues.some(({ lease }) => lease?.mail.some((each) => each.id === id))
  const failed = queues.find(({ tries }) => tries[id] !== undefined)?.tries[id]
  const status = isHeld ? 'held' : 'waiting'
  return failed ? { status, tries: failed.tries, failure: failed.failure } : { status }
}

/** A page of an agent's inbox. */
export async function listInbox(
  servers: MailServers,
  agent: string,
  { after = 0, limit = mailPageSizes.default }: MailPageAfter = {},
): Promise<readonly MailboxMessage[]> {
  const unhandled = await readUnhandledMail(servers, { agent, after, limit })
  return await Promise.all(
    unhandled.map(async (message) => {
      // A message with a reply is handled, unless its holder has not acknowledged it yet.
      const reply = message.state.status === 'held' ? await findReply(servers, message) : undefined
      return createMessageForCaller(message, {
        ...message.state,
        ...(reply && { repliedBy: reply.record.id }),
        ...(await modelOf(servers, message)),
      })
    }),
  )
}

/** A page of an agent's events that `next` never returns. */
export async function listQuietEvents(
  servers: MailServers,
  agent: string,
  { after = 0, limit = mailPageSizes.default }: MailPageAfter = {},
): Promise<readonly MailboxMessage[]> {
  const unhandled = await readUnhandledMail(servers, { agent, after, limit, urgency: 'quiet' })
  return unhandled.map((message) => createMessageForCaller(message))
}

/** A page of all messages, in the order of sending. */
export async function listSentMessages(
  servers: MailServers,
  { after = 0, limit = mailPageSizes.default }: MailPageAfter = {},
): Promise<readonly MailboxMessage[]> {
  const { store, names } = servers
  const filter = formatMessageFilter(names.prefix, {})
  const page = await store.page({ stream: names.archive, filter, from: after + 1, limit })
  return await describeMessages(servers, page.records.map(readArchivedMessage), filter)
}

/** The newest messages of a thread before a sequence number, oldest first. */
export async function listThread(
  servers: MailServers,
  thread: string,
  { before = Infinity, limit = mailPageSizes.default }: MailPageBefore = {},
): Promise<readonly MailboxMessage[]> {
  const filter = formatMessageFilter(servers.names.prefix, { thread })
  const range = { stream: servers.names.archive, filter }
  const stored = await readNewestRecords(servers.store, range, { before, limit })
  return await describeMessages(servers, stored.map(readArchivedMessage), filter)
}

/** Adds their status to messages that match a filter, in the order of sending. */
async function describeMessages(
  servers: MailServers,
  messages: readonly ArchivedMessage[],
  filter: string,
): Promise<readonly MailboxMessage[]> {
  const { store, names } = servers
  const [first] = messages
  if (first === undefined) return []
  await waitUntilArchiveCopied(servers)
  const range = { stream: names.work, filter, from: first.seq, limit: messages.length, subjectsOnly: true }
  const unhandled = new Set((await store.page(range)).records.map(({ seq }) => seq))
  const replies = new Map(messages.map(({ record }) => [record.replyTo, record.id]))
  const queues = await queuesOfAll(servers, messages)
  return await Promise.all(
    messages.map(async (message) => {
      const { id, kind } = message.record
      const queue = queues.filter(({ agent }) => agent === message.subject.to)
      const known = kind === 'notice' ? undefined : replies.get(id)
      const isRevived = queue.some(({ revived }) => revived.some((each) => each.id === id))
      const isEnded = queue.some(({ ending }) => ending.some((each) => each.id === id))
      const isOpen = (unhandled.has(message.seq) || isRevived) && !isEnded
      const state = isOpen ? stateIn(queue, id) : await endedState(servers, message)
      const reply = known ?? (await findReply(servers, message))?.record.id
      return createMessageForCaller(message, {
        ...state,
        ...(reply !== undefined && reply === computeReplyId(id) && { repliedBy: reply }),
        ...(await modelOf(servers, message)),
      })
    }),
  )
}

/** The records of the queues that messages are in. */
async function queuesOfAll(
  servers: MailServers,
  messages: readonly ArchivedMessage[],
): Promise<QueueRecord[]> {
  const names = new Map(
    messages.map(({ subject, record: { thread } }) => [
      JSON.stringify([subject.to, thread]),
      { agent: subject.to, thread },
    ]),
  )
  return await Promise.all(
    [...names.values()].map(async (name) => (await readQueueRecord(servers, name)).record),
  )
}

async function endedState(
  { store, names }: MailServers,
  { subject, record }: ArchivedMessage,
): Promise<Pick<MailboxMessage, 'status'> & Partial<Pick<MailboxMessage, 'tries' | 'failure'>>> {
  const stored = await store.last(names.records, formatDeadLetterSubject(names.prefix, subject.to, record.id))
  const dead = stored && decodeRecord(DeadLetterRecord, stored.data)
  return dead ? { status: 'dead', tries: dead.tries, failure: dead.failure } : { status: 'handled' }
}

/** The model of a reply, where only a repeated reply named it. */
async function modelOf(
  { store, names }: MailServers,
  { record: { id, replyTo, from } }: ArchivedMessage,
): Promise<{ model?: string }> {
  if (replyTo === undefined || from.through === 'mailbox' || from.model !== undefined) return {}
  const stored = await store.last(names.records, formatReplyModelSubject(names.prefix, id))
  const known = stored && decodeRecord(ReplyModelRecord, stored.data)
  return known ? { model: known.model } : {}
}

/** A message as a caller gets it, with its status. */
export async function readMessageWithStatus(
  servers: MailServers,
  message: ArchivedMessage,
): Promise<MailboxMessage> {
  const filter = formatMessageFilter(servers.names.prefix, message.subject)
  const [described] = await describeMessages(servers, [message], filter)
  return described ?? createMessageForCaller(message)
}

/** The newest dead letters of an agent, or of all. */
export async function listDeadLetters(
  servers: MailServers,
  { agent, limit = mailPageSizes.default }: { agent?: string } & MailPageLimit,
): Promise<readonly MailboxMessage[]> {
  const { store, names } = servers
  const range = { stream: names.records, filter: formatDeadLetterSubject(names.prefix, agent) }
  const newest = (await readNewestRecords(store, range, { before: Infinity, limit })).toReversed()
  const messages = await Promise.all(
    newest.map(async ({ data }) => {
      const dead = decodeRecord(DeadLetterRecord, data)
      const stored = dead && (await store.at(names.archive, dead.seq))
      if (dead === undefined || stored === undefined) return []
      return [
        createMessageForCaller(readArchivedMessage(stored), {
          status: 'dead',
          tries: dead.tries,
          failure: dead.failure,
        }),
      ]
    }),
  )
  return messages.flat()
}

/** The number of items in a list, which the servers count. */
export async function countMail(servers: MailServers, list: MailList): Promise<number> {
  const { store, names } = servers
  const { prefix, archive } = names
  const count = (about: Partial<MessageSubject>): Promise<number> =>
    store.count({ stream: archive, filter: formatMessageFilter(prefix, about) })
  switch (list.of) {
    case 'inbox':
      return await countUnhandled(servers, list.agent)
    case 'thread':
      return await count({ thread: list.id })
    case 'threads': {
      if (list.agent === undefined) return await count({ opens: true })
      const asReceiver = count({ to: list.agent, addsReceiver: true })
      return (await asReceiver) + (await count({ from: list.agent, addsSender: true }))
    }
    case 'dead':
      return await store.count({ stream: names.records, filter: formatDeadLetterSubject(prefix, list.agent) })
  }
}

async function countUnhandled(servers: MailServers, agent: string): Promise<number> {
  await waitUntilArchiveCopied(servers)
  const queues = await readAgentQueues(servers, agent)
  const { store, names } = servers
  const copied = await store.count({
    stream: names.work,
    filter: formatMessageFilter(names.prefix, { to: agent }),
  })
  return copied + queues.reduce((sum, queue) => sum + countMessagesMissingFromCopy(queue), 0)
}

/** How many more unhandled messages a queue has than the servers' copy: those that were revived, less those that have ended. */
export function countMessagesMissingFromCopy({ ending, revived }: QueueRecord): number {
  const ended = new Set(ending.map(({ id }) => id))
  const back = revived.filter(({ id }) => !ended.has(id))
  const gone = ending.filter(({ id }) => !revived.some((each) => each.id === id))
  return back.length - gone.length
}
