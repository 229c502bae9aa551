import type { MailOutcome } from '@subagent-mcp/mailbox/backing'
import { endMail } from './queue/ending.js'
import { handleUnheld, isUnhandled } from './queue/finish.js'
import { archivedFrom, type ArchivedMessage, type MailServers } from './mail-servers.js'
import { queuesOf } from './queue/queue-lists.js'
import { changeQueue, readQueue, type QueueName } from './queue/queues.js'
import { AgentRecord, DeadRecord, decodeRecord, QueueRecord } from './jetstream/records.js'
import { settleQueue } from './queue/settle.js'
import type { Stored } from './jetstream/store.js'
import {
  agentSubject,
  deadSubject,
  keySubject,
  messageFilter,
  modelSubject,
  readySubject,
} from './jetstream/subjects.js'

/** How many old records of each kind one call changes. It looks at more, because some of the oldest stay. */
const mostRecords = 500

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export async function tidyMail(servers: MailServers, keepMs: number): Promise<MailOutcome> {
  const before = servers.now() - keepMs
  await deleteOldDead(servers, before)
  const changed: string[] = []
  const { archive, prefix } = servers.names
  const old = oldestOf(servers, { stream: archive, filter: messageFilter(prefix, {}) }, before)
  await changeMost(old, async (stored) => {
    const agents = await tidyMessage(servers, archivedFrom(stored))
    changed.push(...(agents ?? []))
    return agents !== undefined
  })
  await deleteOldRecords(servers, before)
  await deleteOldOffers(servers, before)
  await queuesOf(servers) // ends what processes have left that died
  await forgetAgents(servers, before)
  return { type: 'done', changed: [...new Set(changed)] }
}

/** The old records of a range, oldest first. */
async function* oldestOf(
  { store }: MailServers,
  range: { stream: string; filter: string },
  before: number,
): AsyncGenerator<Stored> {
  for (let from = 1; ;) {
    const first = await store.first({ ...range, from })
    if (first === undefined || first.at > before) return
    const { records, left } = await store.page({ ...range, from, limit: mostRecords })
    yield* records.filter(({ at }) => at <= before)
    const last = records.at(-1)
    if (last === undefined || left === 0) return
    from = last.seq + 1
  }
}

/** Calls `change` for each record until it has changed the most that one call does. */
async function changeMost(
  records: AsyncIterable<Stored>,
  change: (stored: Stored) => Promise<boolean>,
): Promise<void> {
  let changed = 0
  for await (const stored of records) {
    if (await change(stored)) changed += 1
    if (changed === mostRecords) return
  }
}

/** Deletes an old message, or makes it a dead letter. Returns the agents whose mail has changed; `undefined` for one that stays. */
async function tidyMessage(servers: MailServers, message: ArchivedMessage): Promise<string[] | undefined> {
  const { store, names, recent } = servers
  const { seq, record, subject } = message
  if ((await store.at(names.work, seq)) === undefined) {
    // Whoever revives a message notes it in its queue first, and then removes the dead letter.
    if (await isRevived(servers, { agent: subject.to, thread: record.thread }, record.id))
      return await bury(servers, message)
    const dead = await store.last(names.records, deadSubject(names.prefix, subject.to, record.id))
    if (dead !== undefined) return undefined // it is kept as long again
  } else if (subject.urgency === 'work' && record.kind === 'direct') {
    return await bury(servers, message)
  } else if ((await handleUnheld(servers, [message])).length === 0) return undefined
  await store.remove(names.archive, seq, { isErased: true })
  recent.delete(record.id)
  return subject.urgency === 'work' ? [subject.to] : []
}

async function isRevived(servers: MailServers, name: QueueName, id: string): Promise<boolean> {
  return (await readQueue(servers, name)).record.revived.some((each) => each.id === id)
}

/** Makes a message a dead letter that nobody holds. Returns the agents whose mail has changed; `undefined` for one that stays. */
async function bury(
  servers: MailServers,
  { seq, record, subject }: ArchivedMessage,
): Promise<string[] | undefined> {
  const name = { agent: subject.to, thread: record.thread }
  const { id } = record
  const failure = 'nobody handled it in the time that it is kept'
  const outcome = { isBuried: false }
  const state = await changeQueue(servers, name, (queue) => {
    const { lease, ending } = queue
    const isHeld =
      lease !== undefined && !servers.isOver(lease.until) && lease.mail.some((each) => each.id === id)
    outcome.isBuried = !isHeld && !ending.some((each) => each.id === id)
    if (!outcome.isBuried) return undefined
    const ended = endMail(queue, [{ id, seq }])
    return {
      ...ended,
      ending: ended.ending.map((each) =>
        each.id === id ? { ...each, failure, deaths: each.deaths + 1 } : each,
      ),
    }
  })
  if (!outcome.isBuried) return undefined
  if (await isUnhandled(servers, state.record, { seq }))
    return [subject.to, ...(await settleQueue(servers, name, state))]
  const without = await changeQueue(servers, name, (queue) => ({
    ...queue,
    ending: queue.ending.filter((each) => each.id !== id),
  }))
  await settleQueue(servers, name, without)
  return undefined
}

async function deleteOldDead(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  const range = { stream: names.records, filter: deadSubject(names.prefix) }
  await changeMost(oldestOf(servers, range, before), async (stored) => {
    const dead = decodeRecord(DeadRecord, stored.data)
    // One that is in its queue again keeps its text, if whoever revived it has died before it removed the dead letter.
    if (dead && !(await isRevived(servers, dead, dead.id))) await store.remove(names.archive, dead.seq)
    return await store.remove(names.records, stored.seq)
  })
}

async function deleteOldRecords(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  for (const filter of [keySubject(names.prefix), modelSubject(names.prefix)])
    await changeMost(oldestOf(servers, { stream: names.records, filter }, before), ({ seq }) =>
      store.remove(names.records, seq),
    )
}

/** Deletes offers of queues about which there is nothing to say. They lead to no message: those that old are dead letters. */
async function deleteOldOffers(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  const range = { stream: names.queues, filter: readySubject(names.prefix) }
  await changeMost(oldestOf(servers, range, before), async ({ seq, data }) => {
    const name = decodeRecord(QueueOfOffer, data)
    if (name !== undefined && (await readQueue(servers, name)).seq > 0) return false
    return await store.remove(names.queues, seq)
  })
}

const QueueOfOffer = QueueRecord.pick({ agent: true, thread: true })

/** Deletes agents that have neither handlers nor messages, and were not active for long. */
async function forgetAgents(servers: MailServers, before: number): Promise<void> {
  const { store, names, hints } = servers
  const range = { stream: names.records, filter: agentSubject(names.prefix) }
  await changeMost(oldestOf(servers, range, before), async (stored) => {
    const agent = decodeRecord(AgentRecord, stored.data)
    if (agent === undefined || agent.handlers.length > 0) return false
    const named = await Promise.all(
      [{ to: agent.name }, { from: agent.name }].map((role) =>
        store.last(names.archive, messageFilter(names.prefix, role)),
      ),
    )
    if (named.some((message) => message !== undefined)) return false
    // First, because nothing leads to the consumers of an agent without a record; one that comes back creates them again.
    await hints.remove(agent.name)
    return await store.remove(names.records, stored.seq)
  })
}
