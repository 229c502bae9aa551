import type { Clock } from '@subagent-mcp/contract'
import { releaseMessagesInRecord, type FailedTryOptions } from './end-messages.js'
import type { DeliveryHint } from '../jetstream/delivery-hints.js'
import {
  readArchivedMessage,
  findReply,
  createMessageForCaller,
  type ArchivedMessage,
  type MailServers,
} from '../mail-servers.js'
import {
  changeQueueRecord,
  createEmptyQueueRecord,
  readQueueRecord,
  writeQueueRecord,
  type QueueName,
  type QueueState,
} from './queue-records.js'
import type { QueueRecord } from '../jetstream/records.js'
import { publishQueueReady, finishEndedMessagesOfQueue } from './finish-ended-messages.js'
import { readRecordsOfRange } from '../jetstream/store.js'
import { isFirstMessageOfQueue, formatMessageFilter } from '../jetstream/subjects.js'
import type { MailboxMessage } from '@subagent-mcp/mailbox'

/** The handler that takes messages of one queue, and its lease. */
export type QueueTakeOptions = {
  take: string
  instance: string
  until: number
  rules: FailedTryOptions['rules']
  clock: Clock
  /** Aborts when no caller waits for the messages any more. Hints are then returned to their consumer. */
  signal: AbortSignal
  /** Called with the agents whose mail changes by the way. */
  onChange(agents: readonly string[]): void
}

/** The messages taken from a queue, their hints, and the record under which they are held; empty if none could be taken. */
export type TakenMessages = { messages: MailboxMessage[]; hints: readonly DeliveryHint[]; state?: QueueState }

const nothing: TakenMessages = { messages: [], hints: [] }

/**
 * Takes up to `limit` messages of one queue under a lease, oldest first. What is held, waits for its next try or is of a newer
 * format blocks the queue. Hints of a blocked queue come back later, or are forgotten once its record says that there is more.
 */
export async function takeFromQueue(
  servers: MailServers,
  name: QueueName,
  taking: QueueTakeOptions & { hints: readonly DeliveryHint[]; limit: number },
): Promise<TakenMessages> {
  const fresh = await takeFresh(servers, name, taking)
  if (fresh !== undefined) return fresh
  while (!taking.signal.aborted) {
    const state = await readQueueRecord(servers, name)
    const { record } = state
    if (record.ending.length > 0) {
      taking.onChange(await finishEndedMessagesOfQueue(servers, name, state))
      continue
    }
    if (record.lease !== undefined) {
      const { take, instance, until } = record.lease
      const isFree = instance === taking.instance || servers.isOver(until)
      if (isFree && take !== taking.take) await endLease(servers, state, taking)
      else if (await leaveBlocked(servers, state, taking.hints)) return nothing
      continue
    }
    const taken = await takeHead(servers, state, taking)
    if (taken !== undefined) return taken
  }
  for (const hint of taking.hints) void hint.retry(0)
  return nothing
}

/**
 * Takes the message that opens a thread, whose queue has no record yet: one write. Returns `undefined` for any other.
 * Between the delivery of the hint and that write the message may have been handled, which is checked under the lease.
 */
async function takeFresh(
  servers: MailServers,
  name: QueueName,
  taking: QueueTakeOptions & { hints: readonly DeliveryHint[] },
): Promise<TakenMessages | undefined> {
  const [hint] = taking.hints
  if (hint?.kind !== 'work' || taking.hints.length > 1) return undefined
  const { isNewer, ...message } = readArchivedMessage({ ...hint, at: 0 })
  if (isNewer || !isFirstMessageOfQueue(message.subject)) return undefined
  const { id } = message.record
  const lease = leaseOf(taking, [{ id, seq: hint.seq }])
  const written = await writeQueueRecord(servers, { ...createEmptyQueueRecord(name), lease }, 0)
  if (!written.isOurs) return undefined
  const [waits, reply] = await Promise.all([
    servers.store.at(servers.names.work, hint.seq),
    // Also at the first delivery: a process may have taken the thread without a hint, replied, and died.
    findReply(servers, message),
  ])
  if (waits !== undefined && reply === undefined) {
    servers.recent.set(id, message)
    const messages = [createMessageForCaller(message, { status: 'held' })]
    return { messages, hints: taking.hints, state: written.state }
  }
  const replied = new Map([[id, true]])
  const failing = { failure: null, rules: taking.rules, pauses: false, replied, now: servers.now() }
  const ended = await changeQueueRecord(servers, name, (record) =>
    record.lease?.take === taking.take
      ? releaseMessagesInRecord(record, record.lease.mail, failing)
      : undefined,
  )
  await finishEndedMessagesOfQueue(servers, name, ended)
  hint.acknowledge()
  return nothing
}

function leaseOf({ take, instance, until }: QueueTakeOptions, mail: { id: string; seq: number }[]) {
  return { take, instance, until, mail }
}

/** Ends a lease that ran out, which counts as a failed try, or one of the same instance, which does not. */
async function endLease(
  servers: MailServers,
  { record, seq }: QueueState,
  taking: QueueTakeOptions,
): Promise<void> {
  const { lease, agent, thread } = record
  if (lease === undefined) return
  const failure = lease.instance === taking.instance ? null : 'its lease ran out'
  const found = await Promise.all(
    lease.mail.map(({ seq: at }) => servers.store.at(servers.names.archive, at)),
  )
  const replied = new Map<string, boolean>()
  for (const stored of found) {
    if (stored === undefined) continue
    const message = readArchivedMessage(stored)
    replied.set(message.record.id, (await findReply(servers, message)) !== undefined)
  }
  const failing = { failure, rules: taking.rules, pauses: false, replied, now: servers.now() }
  const written = await writeQueueRecord(servers, releaseMessagesInRecord(record, lease.mail, failing), seq)
  if (!written.isOurs || written.state.record.ending.length === 0) return
  taking.onChange(await finishEndedMessagesOfQueue(servers, { agent, thread }, written.state))
}

/** Leaves a queue that is held. Returns false when its record has changed meanwhile. */
async function leaveBlocked(
  servers: MailServers,
  { record, seq }: QueueState,
  hints: readonly DeliveryHint[],
): Promise<boolean> {
  const held = new Set(record.lease?.mail.map((each) => each.seq))
  const isLater = (hint: DeliveryHint): boolean => hint.kind === 'work' && !held.has(hint.seq)
  if (hints.some(isLater) && !record.more) {
    // Whoever ends the lease offers the queue again, so hints of later messages can be forgotten. If nobody ends it, this offer
    // leads to the queue: its hint is retried until the lease is over.
    await publishQueueReady(servers, record)
    if (!(await writeQueueRecord(servers, { ...record, more: true }, seq)).isOurs) return false
  }
  const left = (record.lease?.until ?? 0) - servers.now()
  for (const hint of hints) {
    if (isLater(hint)) hint.acknowledge()
    else
      void hint.retry(left > 0 ? Math.min(Math.max(left, shortestRetryMs), longestRetryMs) : untimedRetryMs)
  }
  return true
}

const shortestRetryMs = 20
const longestRetryMs = 60_000
/** The pause of a hint of a lease that is over, as long as that is not certain because the time of the servers is not known. */
const untimedRetryMs = 1_000

/** Takes the first messages of a queue that nobody holds. Returns `undefined` when its record has changed meanwhile. */
async function takeHead(
  servers: MailServers,
  { record, seq }: QueueState,
  taking: QueueTakeOptions & { hints: readonly DeliveryHint[]; limit: number },
): Promise<TakenMessages | undefined> {
  const { agent, thread } = record
  const waiting = await waitingIn(servers, record, taking)
  if (waiting.length === 0) return await forget(servers, { record, seq }, taking.hints)
  const now = servers.now()
  const isBlocked = ({ record: { id }, isNewer }: Waiting): boolean =>
    isNewer || (record.tries[id]?.dueAt ?? 0) > now
  const end = waiting.findIndex(isBlocked)
  const free = (end === -1 ? waiting : waiting.slice(0, end)).slice(0, taking.limit)
  if (free.length === 0) {
    const dueAt = record.tries[waiting[0]?.record.id ?? '']?.dueAt ?? now + longestRetryMs
    for (const hint of taking.hints) void hint.retry(Math.max(dueAt - now, shortestRetryMs))
    return nothing
  }
  const replies = await Promise.all(free.map((message) => findReply(servers, message)))
  const answered = free.filter((_, index) => replies[index] !== undefined)
  const mail = free.map(({ seq: at, record: { id } }) => ({ id, seq: at }))
  if (answered.length > 0) {
    const replied = new Map(answered.map(({ record: { id } }) => [id, true]))
    const chosen = mail.filter(({ id }) => replied.has(id))
    const failing = { failure: null, rules: taking.rules, pauses: false, replied, now }
    const written = await writeQueueRecord(servers, releaseMessagesInRecord(record, chosen, failing), seq)
    if (written.isOurs)
      taking.onChange(await finishEndedMessagesOfQueue(servers, { agent, thread }, written.state))
    return undefined
  }
  // A queue that is taken without a hint is offered, so that it is not lost with this machine.
  if (taking.hints.length === 0) await publishQueueReady(servers, { agent, thread })
  // Hints of messages that were not read are still to come, unless the record says that they were forgotten.
  const more = record.more || free.length < waiting.length
  const written = await writeQueueRecord(servers, { ...record, lease: leaseOf(taking, mail), more }, seq)
  if (!written.isOurs) return undefined
  for (const { isNewer: _, ...message } of free) servers.recent.set(message.record.id, message)
  const messages = free.map((message) => heldMessage(message, record))
  return { messages, hints: taking.hints, state: written.state }
}

function heldMessage(message: ArchivedMessage, record: QueueRecord): MailboxMessage {
  const { tries, failure } = record.tries[message.record.id] ?? {}
  return createMessageForCaller(message, {
    status: 'held',
    ...(tries !== undefined && { tries }),
    ...(failure !== undefined && { failure }),
  })
}

/** Removes what is left of a queue without messages. Returns `undefined` when its record has changed meanwhile. */
async function forget(
  servers: MailServers,
  { record, seq }: QueueState,
  hints: readonly DeliveryHint[],
): Promise<TakenMessages | undefined> {
  const { store, names } = servers
  if (record.revived.length > 0) {
    // Their texts are gone. The record without them is removed when it is read again.
    await writeQueueRecord(servers, { ...record, revived: [], tries: {} }, seq)
    return undefined
  }
  if (seq > 0 && !(await store.remove(names.queues, seq))) return undefined
  for (const hint of hints) {
    if (hint.kind === 'ready') await store.remove(names.queues, hint.seq)
    hint.acknowledge()
  }
  return nothing
}

type Waiting = ArchivedMessage & { isNewer: boolean }

/**
 * The first unhandled messages of a queue, oldest first, with those that were revived: one more than are wanted. If the only hint
 * is of the first message, it is that one alone, because servers compare all subjects for each search.
 */
async function waitingIn(
  servers: MailServers,
  record: QueueRecord,
  { hints, limit: wanted }: { hints: readonly DeliveryHint[]; limit: number },
): Promise<Waiting[]> {
  const { store, names } = servers
  const limit = wanted + 1
  const isOnly = (seq: number): boolean =>
    hints.length === 1 && hints[0]?.kind === 'work' && hints[0].seq === seq
  const filter = formatMessageFilter(names.prefix, {
    to: record.agent,
    urgency: 'work',
    thread: record.thread,
  })
  const found: Waiting[] = []
  for await (const first of readRecordsOfRange(store, { stream: names.work, filter }, limit)) {
    found.push(readArchivedMessage(first))
    if (found.length === limit || isOnly(first.seq)) break
  }
  const revived = await Promise.all(record.revived.map(({ seq }) => store.at(names.archive, seq)))
  for (const stored of revived) if (stored !== undefined) found.push(readArchivedMessage(stored))
  return found.toSorted((one, other) => one.seq - other.seq).slice(0, limit)
}
