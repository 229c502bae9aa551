import type { Message } from '@subagent-mcp/mailbox'
import { refusedOutcome, type MailCommand, type MailOutcome } from '@subagent-mcp/mailbox/backing'
import { endMail, failMail, type Failing } from './ending.js'
import { unhandledMail } from '../lists/lists.js'
import {
  findMessage,
  findReply,
  messageFrom,
  type ArchivedMessage,
  type MailServers,
} from '../mail-servers.js'
import { queuesOf } from './queue-lists.js'
import { changeQueue } from './queues.js'
import { DeadRecord, decodeRecord, type QueueRecord } from '../jetstream/records.js'
import { settleQueue } from './settle.js'
import { deadSubject } from '../jetstream/subjects.js'
import { agentOfTake, type Takes } from './takes.js'

/** Extends the lease of a take. */
export async function renewTake(
  servers: MailServers,
  takes: Takes,
  { take, leaseMs }: MailCommand<'renew'>,
): Promise<MailOutcome> {
  const until = servers.now() + leaseMs
  const renewed = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      const name = { agent: agentOfTake(take), thread }
      let isHeld = false
      await changeQueue(servers, name, (record) => {
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
export async function acknowledgeTake(
  servers: MailServers,
  takes: Takes,
  { take, ids }: MailCommand<'acknowledge'>,
): Promise<MailOutcome> {
  const agent = agentOfTake(take)
  const isChosen = chooser(ids)
  const ended = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      let done: string[] = []
      const state = await changeQueue(
        servers,
        { agent, thread },
        (record) => {
          const mail = (record.lease?.take === take ? record.lease.mail : []).filter(isChosen)
          done = mail.map(({ id }) => id)
          return mail.length === 0 ? undefined : endMail(record, mail)
        },
        takes.stateOf(take, thread),
      )
      if (done.length > 0) await settleQueue(servers, { agent, thread }, state)
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
export async function releaseTake(
  servers: MailServers,
  takes: Takes,
  command: MailCommand<'release'>,
): Promise<MailOutcome> {
  const { take, ids, failure, tries } = command
  const agent = agentOfTake(take)
  const failing: Failing = { failure, rules: tries, pauses: true }
  const isOfTake = ({ lease }: QueueRecord): boolean => lease?.take === take
  const changed = await Promise.all(
    (await threadsOf(servers, takes, take)).map(async (thread) => {
      const freed = await freeLease(servers, { agent, thread }, { isLease: isOfTake, ids, failing })
      if (freed.record.lease?.take !== take) takes.drop(take, thread)
      return freed.changed
    }),
  )
  return { type: 'done', changed: [...new Set(changed.flat())] }
}

type Freeing = { isLease(record: QueueRecord): boolean; ids: readonly string[] | null; failing: Failing }

/** Ends a lease, or a part of it. Messages that have a reply are handled, because they need no other try. */
export async function freeLease(
  servers: MailServers,
  name: { agent: string; thread: string },
  { isLease, ids, failing }: Freeing,
): Promise<{ record: QueueRecord; changed: string[] }> {
  const isChosen = chooser(ids)
  const replied = new Map<string, boolean>()
  for (;;) {
    let unknown: string[] = []
    const outcome = { isFreed: false }
    const state = await changeQueue(servers, name, (record) => {
      const mail = (isLease(record) ? (record.lease?.mail ?? []) : []).filter(isChosen)
      unknown = mail.map(({ id }) => id).filter((id) => !replied.has(id))
      outcome.isFreed = mail.length > 0 && unknown.length === 0
      return outcome.isFreed ? failMail(record, mail, { ...failing, replied, now: servers.now() }) : undefined
    })
    if (unknown.length === 0) {
      if (!outcome.isFreed) return { record: state.record, changed: [] }
      const notified = await settleQueue(servers, name, state)
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
export async function readMail(
  servers: MailServers,
  { agent, ids, limit }: MailCommand<'read'>,
): Promise<MailOutcome> {
  const messages: Message[] = []
  let after = 0
  while (messages.length < limit) {
    const page = await unhandledMail(servers, { agent, after, limit: ids === null ? limit : 1_000 })
    const chosen = page.filter(({ record }) => ids === null || ids.includes(record.id))
    const handled = await handleUnheld(servers, chosen.slice(0, limit - messages.length))
    messages.push(...handled.map((each) => messageFrom(each, { status: 'handled' })))
    const last = page.at(-1)
    if (last === undefined || messages.length === ids?.length) break
    after = last.seq
  }
  return { type: 'messages', messages, changed: messages.length === 0 ? [] : [agent] }
}

/** Marks those of the messages as handled that nobody holds, and returns them. */
export async function handleUnheld(
  servers: MailServers,
  messages: readonly ArchivedMessage[],
): Promise<ArchivedMessage[]> {
  const { store, names } = servers
  const handled = await Promise.all(
    [...byQueue(messages)].map(async (queue): Promise<ArchivedMessage[]> => {
      const [first] = queue
      if (first === undefined) return []
      if (first.subject.urgency === 'quiet')
        return (await store.remove(names.work, first.seq, { isErased: true })) ? [first] : [] // nobody takes it: deleted once
      const name = { agent: first.subject.to, thread: first.record.thread }
      let free: ArchivedMessage[] = []
      const state = await changeQueue(servers, name, (record) => {
        const isHeld = record.lease !== undefined && !servers.isOver(record.lease.until)
        const others = new Set(
          [...record.ending, ...(isHeld ? (record.lease?.mail ?? []) : [])].map(({ id }) => id),
        )
        free = queue.filter(({ record: { id } }) => !others.has(id))
        const ending = free.map(({ seq, record: { id } }) => ({ id, seq }))
        return free.length === 0 ? undefined : endMail(record, ending)
      })
      if (free.length === 0) return []
      const waited = await Promise.all(free.map((message) => isUnhandled(servers, state.record, message)))
      await settleQueue(servers, name, state)
      return free.filter((_, index) => waited[index])
    }),
  )
  return handled.flat().toSorted((one, other) => one.seq - other.seq)
}

/**
 * Whether a message that was just noted as ending was unhandled until then. Since it was read another process may have handled it,
 * and the record that said so is gone.
 */
export async function isUnhandled(
  { store, names }: MailServers,
  { revived }: QueueRecord,
  { seq }: { seq: number },
): Promise<boolean> {
  return revived.some((each) => each.seq === seq) || (await store.at(names.work, seq)) !== undefined
}

function byQueue(messages: readonly ArchivedMessage[]): Iterable<ArchivedMessage[]> {
  const queues = new Map<string, ArchivedMessage[]>()
  for (const message of messages) {
    const { subject, record } = message
    const name = JSON.stringify([subject.to, record.thread, subject.urgency === 'quiet' ? record.id : ''])
    queues.set(name, [...(queues.get(name) ?? []), message])
  }
  return queues.values()
}

/** The threads of a take. Of a take of another process they are found on the servers. */
async function threadsOf(servers: MailServers, takes: Takes, take: string): Promise<readonly string[]> {
  const known = takes.threads(take)
  if (known !== undefined) return known
  const queues = await queuesOf(servers, agentOfTake(take))
  return queues.filter(({ lease }) => lease?.take === take).map(({ thread }) => thread)
}

function chooser(ids: readonly string[] | null): (message: { id: string }) => boolean {
  return ({ id }) => ids === null || ids.includes(id)
}

/** Returns a dead letter to its queue, with its number of tries reset. */
export async function reviveMessage(servers: MailServers, id: string): Promise<MailOutcome> {
  const { store, names } = servers
  const refused = refusedOutcome('unknown-message', `there is no dead letter ${id}`)
  const message = await findMessage(servers, id)
  if (message === undefined) return refused
  const stored = await store.last(names.records, deadSubject(names.prefix, message.subject.to, id))
  const dead = stored && decodeRecord(DeadRecord, stored.data)
  if (stored === undefined || dead === undefined) return refused
  const name = { agent: dead.agent, thread: dead.thread }
  const { seq, deaths } = dead
  const state = await changeQueue(servers, name, (record) =>
    record.revived.some((each) => each.id === id)
      ? undefined
      : { ...record, revived: [...record.revived, { id, seq, deaths }], more: true },
  )
  const isOurs = await store.remove(names.records, stored.seq)
  await settleQueue(servers, name, state)
  if (!isOurs) return refused
  return { type: 'messages', messages: [messageFrom(message)], changed: [dead.agent] }
}
