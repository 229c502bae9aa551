import type { MailOutcome } from '@subagent-mcp/mailbox/backing'
import { endUnheldMessages, handleUnheldMessages } from './queue/finish-take.js'
import { readArchivedMessage, type ArchivedMessage, type MailServers } from './mail-servers.js'
import { readAgentQueues } from './queue/queue-lists.js'
import { readQueueRecord, type QueueName } from './queue/queue-records.js'
import { AgentRecord, DeadLetterRecord, decodeRecord, QueueRecord } from './jetstream/records.js'
import { readRecordsOfRange, type StoredRecord } from './jetstream/store.js'
import {
  formatAgentSubject,
  formatDeadLetterSubject,
  formatMessageKeySubject,
  formatMessageFilter,
  formatReplyModelSubject,
  formatReadySubject,
} from './jetstream/subjects.js'

/** How many old records of each kind one call changes. It looks at more, because some of the oldest stay. */
const mostRecords = 500

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export async function deleteOldMail(servers: MailServers, keepMs: number): Promise<MailOutcome> {
  const before = servers.now() - keepMs
  await deleteOldDead(servers, before)
  const changed: string[] = []
  const { archive, prefix } = servers.names
  const old = { stream: archive, filter: formatMessageFilter(prefix, {}), before }
  await changeOld(servers, old, async (stored) => {
    const agents = await tidyMessage(servers, readArchivedMessage(stored))
    changed.push(...(agents ?? []))
    return agents !== undefined
  })
  await deleteOldRecords(servers, before)
  await deleteOldOffers(servers, before)
  await readAgentQueues(servers) // ends what processes have left that died
  await forgetAgents(servers, before)
  return { type: 'done', changed: [...new Set(changed)] }
}

/** Calls `change` for the old records of a range, oldest first, until it has changed the most that one call does. */
async function changeOld(
  { store }: MailServers,
  { before, ...range }: { stream: string; filter: string; before: number },
  change: (stored: StoredRecord) => Promise<boolean>,
): Promise<void> {
  let changed = 0
  for await (const stored of readRecordsOfRange(store, range, mostRecords)) {
    if (stored.at > before || changed === mostRecords) return
    if (await change(stored)) changed += 1
  }
}

/** Deletes an old message, or makes it a dead letter. Returns the agents whose mail has changed; `undefined` for one that stays. */
async function tidyMessage(servers: MailServers, message: ArchivedMessage): Promise<string[] | undefined> {
  const { store, names, recent } = servers
  const { seq, record, subject } = message
  if ((await store.at(names.work, seq)) === undefined) {
    // Whoever revives a message notes it in its queue first, and then removes the dead letter.
    if (await isRevived(servers, { agent: subject.to, thread: record.thread }, record.id))
      return await giveUp(servers, message)
    const dead = await store.last(names.records, formatDeadLetterSubject(names.prefix, subject.to, record.id))
    if (dead !== undefined) return undefined // it is kept as long again
  } else if (subject.urgency === 'work' && record.kind === 'direct') {
    return await giveUp(servers, message)
  } else if ((await handleUnheldMessages(servers, [message])).length === 0) return undefined
  await store.remove(names.archive, seq, { isErased: true })
  recent.delete(record.id)
  return subject.urgency === 'work' ? [subject.to] : []
}

/** Makes a message a dead letter, unless it is held. Returns the agents whose mail has changed; `undefined` for one that stays. */
async function giveUp(servers: MailServers, message: ArchivedMessage): Promise<string[] | undefined> {
  const failure = 'nobody handled it in the time that it is kept'
  const { ended, notified } = await endUnheldMessages(servers, [message], failure)
  return ended.length === 0 ? undefined : [message.subject.to, ...notified]
}

async function isRevived(servers: MailServers, name: QueueName, id: string): Promise<boolean> {
  return (await readQueueRecord(servers, name)).record.revived.some((each) => each.id === id)
}

async function deleteOldDead(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  const range = { stream: names.records, filter: formatDeadLetterSubject(names.prefix), before }
  await changeOld(servers, range, async (stored) => {
    const dead = decodeRecord(DeadLetterRecord, stored.data)
    // A revived message keeps its text. Its dead letter is still here if the process that revived it died before it removed the letter.
    if (dead && !(await isRevived(servers, dead, dead.id))) await store.remove(names.archive, dead.seq)
    return await store.remove(names.records, stored.seq)
  })
}

async function deleteOldRecords(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  for (const filter of [formatMessageKeySubject(names.prefix), formatReplyModelSubject(names.prefix)])
    await changeOld(servers, { stream: names.records, filter, before }, ({ seq }) =>
      store.remove(names.records, seq),
    )
}

/** Deletes offers of queues about which there is nothing to say. They lead to no message: those that old are dead letters. */
async function deleteOldOffers(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  const range = { stream: names.queues, filter: formatReadySubject(names.prefix), before }
  await changeOld(servers, range, async ({ seq, data }) => {
    const name = decodeRecord(QueueOfOffer, data)
    if (name !== undefined && (await readQueueRecord(servers, name)).seq > 0) return false
    return await store.remove(names.queues, seq)
  })
}

const QueueOfOffer = QueueRecord.pick({ agent: true, thread: true })

/** Deletes agents that have neither handlers nor messages, and were not active for long. */
async function forgetAgents(servers: MailServers, before: number): Promise<void> {
  const { store, names, hints } = servers
  const range = { stream: names.records, filter: formatAgentSubject(names.prefix), before }
  await changeOld(servers, range, async (stored) => {
    const agent = decodeRecord(AgentRecord, stored.data)
    if (agent === undefined || agent.handlers.length > 0) return false
    const named = await Promise.all(
      [{ to: agent.name }, { from: agent.name }].map((role) =>
        store.last(names.archive, formatMessageFilter(names.prefix, role)),
      ),
    )
    if (named.some((message) => message !== undefined)) return false
    // First, because nothing leads to the consumers of an agent without a record; one that comes back creates them again.
    await hints.remove(agent.name)
    return await store.remove(names.records, stored.seq)
  })
}
