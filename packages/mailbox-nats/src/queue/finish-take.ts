import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { createRefusedMailOutcome, type MailCommand, type MailOutcome } from '@subagent-mcp/mailbox/backing'
import { endMessagesInRecord, releaseMessagesInRecord, type FailedTryOptions } from './end-messages.js'
import { readUnhandledMail } from '../lists/lists.js'
import {
  findMessage,
  findReply,
  createMessageForCaller,
  type ArchivedMessage,
  type MailServers,
} from '../mail-servers.js'
import { readAgentQueues } from './queue-lists.js'
import { changeQueueRecord, readQueueRecord, writeQueueRecord } from './queue-records.js'
import { DeadLetterRecord, decodeRecord, type QueueRecord } from '../jetstream/records.js'
import { finishEndedMessagesOfQueue } from './finish-ended-messages.js'
import { formatDeadLetterSubject } from '../jetstream/subjects.js'
import { parseAgentOfTakeId, type HeldTakes } from './held-takes.js'

/** Extends the lease of a take. */
export async function renewTakenMessages(
  servers: MailServers,
  takes: HeldTakes,
  { take, leaseMs }: MailCommand<'renew'>,
): Promise<MailOutcome> {
  const until = servers.now() + leaseMs
  const renewed = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      const name = { agent: parseAgentOfTakeId(take), thread }
      let isHeld = false
      await changeQueueRecord(servers, name, (record) => {
        isHeld = record.lease?.take === take
        return record.lease && isHeld ? { ...record, lease: { ...record.lease, until } } : undefined
      })
      return isHeld
    }),
  )
  const held = renewed.includes(true)
  if (held) takes.renew(take, until)
  return { type: 'renewed', held, changed: [] }
}

/** Marks messages of a take as handled. Returns also those that the same take acknowledged before. */
export async function acknowledgeTakenMessages(
  servers: MailServers,
  takes: HeldTakes,
  { take, ids }: MailCommand<'acknowledge'>,
): Promise<MailOutcome> {
  const agent = parseAgentOfTakeId(take)
  const isChosen = chooser(ids)
  const ended = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      let done: string[] = []
      const state = await changeQueueRecord(
        servers,
        { agent, thread },
        (record) => {
          const mail = (record.lease?.take === take ? record.lease.mail : []).filter(isChosen)
          done = mail.map(({ id }) => id)
          return mail.length === 0 ? undefined : endMessagesInRecord(record, mail)
        },
        takes.stateOf(take, thread),
      )
      if (done.length > 0) await finishEndedMessagesOfQueue(servers, { agent, thread }, state)
      if (state.record.lease?.take !== take) takes.drop(take, thread)
      return done
    }),
  )
  const done = ended.flat()
  const before = takes.acknowledged(take).filter((id) => isChosen({ id }))
  takes.note(take, done)
  return { type: 'acknowledged', ids: [...before, ...done], changed: done.length > 0 ? [agent] : [] }
}

/** Releases messages of a take. With a failure it counts a failed try. */
export async function releaseTakenMessages(
  servers: MailServers,
  takes: HeldTakes,
  command: MailCommand<'release'>,
): Promise<MailOutcome> {
  const { take, ids, failure, tries } = command
  const agent = parseAgentOfTakeId(take)
  const failing: FailedTryOptions = { failure, rules: tries, pauses: true }
  const isOfTake = ({ lease }: QueueRecord): boolean => lease?.take === take
  const changed = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      const freed = await endMailLease(servers, { agent, thread }, { isLease: isOfTake, ids, failing })
      if (freed.record.lease?.take !== take) takes.drop(take, thread)
      return freed.changed
    }),
  )
  return { type: 'done', changed: [...new Set(changed.flat())] }
}

type Freeing = {
  isLease(record: QueueRecord): boolean
  ids: readonly string[] | null
  failing: FailedTryOptions
}

/** Ends a lease, or a part of it. Messages that have a reply are handled, because they need no other try. */
export async function endMailLease(
  servers: MailServers,
  name: { agent: string; thread: string },
  { isLease, ids, failing }: Freeing,
): Promise<{ record: QueueRecord; changed: string[] }> {
  const isChosen = chooser(ids)
  const replied = new Map<string, boolean>()
  for (;;) {
    let unknown: string[] = []
    const outcome = { isFreed: false }
    const state = await changeQueueRecord(servers, name, (record) => {
      const mail = (isLease(record) ? (record.lease?.mail ?? []) : []).filter(isChosen)
      unknown = mail.map(({ id }) => id).filter((id) => !replied.has(id))
      outcome.isFreed = mail.length > 0 && unknown.length === 0
      return outcome.isFreed
        ? releaseMessagesInRecord(record, mail, { ...failing, replied, now: servers.now() })
        : undefined
    })
    if (unknown.length === 0) {
      if (!outcome.isFreed) return { record: state.record, changed: [] }
      const notified = await finishEndedMessagesOfQueue(servers, name, state)
      return { record: state.record, changed: [name.agent, ...notified] }
    }
    await Promise.all(unknown.map(async (id) => replied.set(id, await hasReply(servers, id))))
  }
}

async function hasReply(servers: MailServers, id: string): Promise<boolean> {
  const message = await findMessage(servers, id)
  return message !== undefined && (await findReply(servers, message)) !== undefined
}

/** Marks messages that nobody holds as handled, including those before a retry and events below `wakes`. */
export async function markMailRead(
  servers: MailServers,
  { agent, ids, limit }: MailCommand<'read'>,
): Promise<MailOutcome> {
  const messages: MailboxMessage[] = []
  let after = 0
  while (messages.length < limit) {
    const page = await readUnhandledMail(servers, { agent, after, limit: ids === null ? limit : 1_000 })
    const chosen = page.filter(({ record }) => ids === null || ids.includes(record.id))
    const handled = await handleUnheldMessages(servers, chosen.slice(0, limit - messages.length))
    messages.push(...handled.map((each) => createMessageForCaller(each, { status: 'handled' })))
    const last = page.at(-1)
    if (last === undefined || messages.length === ids?.length) break
    after = last.seq
  }
  return { type: 'messages', messages, changed: messages.length === 0 ? [] : [agent] }
}

/** Marks those of the messages as handled that nobody holds, and returns them. */
export async function handleUnheldMessages(
  servers: MailServers,
  messages: readonly ArchivedMessage[],
): Promise<ArchivedMessage[]> {
  const handled = await Promise.all(
    [...byQueue(messages)].map(async (queue): Promise<ArchivedMessage[]> => {
      const [first] = queue
      // No handler takes a quiet event, so it is in no queue. The process that deletes the event has handled it.
      if (first?.subject.urgency !== 'quiet') return (await endUnheldMessages(servers, queue)).ended
      const { store, names } = servers
      return (await store.remove(names.work, first.seq, { isErased: true })) ? [first] : []
    }),
  )
  return handled.flat().toSorted((one, other) => one.seq - other.seq)
}

/**
 * Ends those of the messages of one queue that nobody holds: they are handled, or with a failure dead letters. Returns them, and the
 * agents that got a notice.
 *
 * A message is in the servers' copy until the process that has ended it, or another, settles the record. So this is checked before
 * the record is written, and the write is refused when the record has changed meanwhile. A missing record would be the same
 * before and after another process had ended the message, so an empty one is written first.
 */
export async function endUnheldMessages(
  servers: MailServers,
  messages: readonly ArchivedMessage[],
  failure?: string,
): Promise<{ ended: ArchivedMessage[]; notified: string[] }> {
  const [first] = messages
  if (first === undefined) return { ended: [], notified: [] }
  const name = { agent: first.subject.to, thread: first.record.thread }
  for (;;) {
    const read = await readQueueRecord(servers, name)
    const state = read.seq > 0 ? read : (await writeQueueRecord(servers, read.record, 0)).state
    const { lease, ending, revived } = state.record
    const held = lease !== undefined && !servers.isOver(lease.until) ? lease.mail : []
    const others = new Set([...ending, ...held].map(({ id }) => id))
    const isUnhandled = async ({ seq, record }: ArchivedMessage): Promise<boolean> =>
      !others.has(record.id) &&
      (revived.some(({ id }) => id === record.id) ||
        (await servers.store.at(servers.names.work, seq)) !== undefined)
    const unhandled = await Promise.all(messages.map(isUnhandled))
    const ended = messages.filter((_, index) => unhandled[index])
    if (ended.length === 0) return { ended, notified: await finishEndedMessagesOfQueue(servers, name, state) }
    const mail = ended.map(({ seq, record: { id } }) => ({ id, seq }))
    const written = await writeQueueRecord(
      servers,
      endMessagesInRecord(state.record, mail, failure),
      state.seq,
    )
    if (written.isOurs)
      return { ended, notified: await finishEndedMessagesOfQueue(servers, name, written.state) }
  }
}

function byQueue(messages: readonly ArchivedMessage[]): Iterable<readonly ArchivedMessage[]> {
  const queues = new Map<string, ArchivedMessage[]>()
  for (const message of messages) {
    const { subject, record } = message
    const name = JSON.stringify([subject.to, record.thread, subject.urgency === 'quiet' ? record.id : ''])
    queues.set(name, [...(queues.get(name) ?? []), message])
  }
  return queues.values()
}

/** The threads of a take. Of a take of another process they are found on the servers. */
async function threadsOf(servers: MailServers, takes: HeldTakes, take: string): Promise<readonly string[]> {
  const known = takes.threads(take)
  if (known !== undefined) return known
  const queues = await readAgentQueues(servers, parseAgentOfTakeId(take))
  return queues.filter(({ lease }) => lease?.take === take).map(({ thread }) => thread)
}

function chooser(ids: readonly string[] | null): (message: { id: string }) => boolean {
  return ({ id }) => ids === null || ids.includes(id)
}

/** Returns a dead letter to its queue, with its number of tries reset. */
export async function reviveMessage(servers: MailServers, id: string): Promise<MailOutcome> {
  const { store, names } = servers
  const refused = createRefusedMailOutcome('unknown-message', `there is no dead letter ${id}`)
  const message = await findMessage(servers, id)
  if (message === undefined) return refused
  const stored = await store.last(
    names.records,
    formatDeadLetterSubject(names.prefix, message.subject.to, id),
  )
  const dead = stored && decodeRecord(DeadLetterRecord, stored.data)
  if (stored === undefined || dead === undefined) return refused
  const name = { agent: dead.agent, thread: dead.thread }
  const { seq, deaths } = dead
  const state = await changeQueueRecord(servers, name, (record) =>
    record.revived.some((each) => each.id === id)
      ? undefined
      : { ...record, revived: [...record.revived, { id, seq, deaths }], more: true },
  )
  const isOurs = await store.remove(names.records, stored.seq)
  await finishEndedMessagesOfQueue(servers, name, state)
  if (!isOurs) return refused
  return { type: 'messages', messages: [createMessageForCaller(message)], changed: [dead.agent] }
}
