import { formatDeadLetterNotice } from '@subagent-mcp/mailbox/backing'
import { readArchivedMessage, createMessageForCaller, type MailServers } from '../mail-servers.js'
import { changeQueueRecord, createWriteId, type QueueName, type QueueState } from './queue-records.js'
import {
  DeadLetterRecord,
  decodeRecord,
  messageFormatNumber,
  type EndedMessage,
  type MessageRecord,
  type QueueRecord,
} from '../jetstream/records.js'
import { formatDeadLetterSubject, formatMessageSubject, formatReadySubject } from '../jetstream/subjects.js'

/**
 * Carries out what the record of a queue says has ended: dead letters with their notices, the deletion of handled messages, and
 * whether the queue is to be offered again. Every step can be repeated, and the record names them until all are done. So
 * whatever process dies in the middle, the next one that reads the record ends it alike. Returns the agents that got a notice.
 */
export async function finishEndedMessagesOfQueue(
  servers: MailServers,
  name: QueueName,
  { record, seq }: QueueState,
): Promise<string[]> {
  const { store, names } = servers
  const { ending } = record
  const left = without(record, ending)
  const isOffered = left.lease === undefined ? left.more || hasMail(left) : ending.length > 0
  if (ending.length === 0 && !isOffered && !isEmpty(left)) return []
  const notified = await Promise.all(ending.map((each) => bury(servers, name, each)))
  // Before the deletions, because a consumer forgets a message that is deleted.
  if (isOffered) await publishQueueReady(servers, name)
  await Promise.all(ending.map((each) => store.remove(names.work, each.seq, { isErased: true })))
  if (seq > 0 && isEmpty(left) && (await store.remove(names.queues, seq))) return notified.flat()
  const ended = new Set(ending.map(({ id }) => id))
  const isThere = ({ id }: { id: string }): boolean => ended.has(id)
  const change = (now: QueueRecord): QueueRecord | undefined =>
    now.ending.some(isThere) ? without(now, now.ending.filter(isThere)) : undefined
  if (seq > 0 && ending.length > 0) await changeQueueRecord(servers, name, change)
  return notified.flat()
}

/** Says that messages of a queue can be taken, to one of the machines that wait for the agent. */
export async function publishQueueReady(
  { store, names }: MailServers,
  { agent, thread }: QueueName,
): Promise<void> {
  await store.put({
    subject: formatReadySubject(names.prefix, agent, thread),
    record: { v: 1, agent, thread },
  })
}

/** Whether a record says nothing, so that it can be deleted. */
function isEmpty({ lease, tries, ending, revived }: QueueRecord): boolean {
  return lease === undefined && ending.length === 0 && revived.length === 0 && Object.keys(tries).length === 0
}

function hasMail({ tries, revived }: QueueRecord): boolean {
  return revived.length > 0 || Object.keys(tries).length > 0
}

/** The record once the given messages have ended. */
function without(record: QueueRecord, ended: readonly EndedMessage[]): QueueRecord {
  const ids = new Set(ended.map(({ id }) => id))
  return {
    ...record,
    ending: record.ending.filter(({ id }) => !ids.has(id)),
    revived: record.revived.filter(({ id }) => !ids.has(id)),
    tries: Object.fromEntries(Object.entries(record.tries).filter(([id]) => !ids.has(id))),
  }
}

/** Stores a dead letter and sends its sender a notice; a handled message needs neither. Returns the agents that got a notice. */
async function bury(
  servers: MailServers,
  { agent, thread }: QueueName,
  ending: EndedMessage,
): Promise<string[]> {
  const { store, names } = servers
  const { id, seq, failure, tries, deaths } = ending
  const subject = formatDeadLetterSubject(names.prefix, agent, id)
  if (failure === undefined) {
    // Whoever revived it may have died before it removed the dead letter.
    const earlier = deaths > 0 ? await lastDeath(servers, subject) : undefined
    if (earlier?.deaths === deaths) await store.remove(names.records, earlier.seq)
    return []
  }
  const record = { v: 1, id, seq, agent, thread, failure, tries, deaths }
  if ((await store.put({ subject, record, expectedSeq: 0 })) === undefined) {
    const earlier = await lastDeath(servers, subject)
    if (earlier && earlier.deaths < deaths) await store.put({ subject, record, expectedSeq: earlier.seq })
  }
  const stored = await store.at(names.archive, seq)
  if (stored === undefined) return []
  const dead = readArchivedMessage(stored)
  const { kind, from } = dead.record
  // A notice about a notice would never end.
  if (kind === 'notice' || from.through === 'mailbox') return []
  const body = formatDeadLetterNotice(createMessageForCaller(dead), failure)
  const notice: MessageRecord = {
    ...{ v: messageFormatNumber, write: createWriteId(), thread, kind: 'notice', body },
    id: deaths === 1 ? `${id}:dead` : `${id}:dead:${deaths}`,
    from: { name: 'mailbox', host: '', through: 'mailbox' },
    to: from.name,
    sentAt: servers.now(),
    expectsReply: false,
    replyTo: id,
  }
  const about = formatMessageSubject(names.prefix, {
    ...{ to: from.name, urgency: 'work', kind: 'direct', from: 'mailbox', thread, id: notice.id },
    ...{ opens: false, addsSender: false, addsReceiver: false },
  })
  await store.put({ subject: about, record: notice, expectedSeq: 0 })
  return [from.name]
}

/** The sequence number of the record of a dead letter, and how often the message had died. */
async function lastDeath(
  { store, names }: MailServers,
  subject: string,
): Promise<{ seq: number; deaths: number } | undefined> {
  const stored = await store.last(names.records, subject)
  const dead = stored && decodeRecord(DeadLetterRecord, stored.data)
  return stored && dead && { seq: stored.seq, deaths: dead.deaths }
}
