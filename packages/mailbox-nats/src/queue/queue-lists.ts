import type { MailServers } from '../mail-servers.js'
import { parseQueueRecord, readQueueRecord, type QueueState } from './queue-records.js'
import type { QueueRecord } from '../jetstream/records.js'
import { finishEndedMessagesOfQueue } from './finish-ended-messages.js'
import { readRecordsOfRange, type StoredRecord } from '../jetstream/store.js'
import { formatQueueSubject } from '../jetstream/subjects.js'

/** All records of queues of an agent, or of all: those with held, failed or revived messages. */
export async function readAgentQueues(servers: MailServers, agent?: string): Promise<QueueRecord[]> {
  return queuesIn(servers, formatQueueSubject(servers.names.prefix, agent))
}

/** All records of queues of a thread. */
export async function readThreadQueues(servers: MailServers, thread: string): Promise<QueueRecord[]> {
  return queuesIn(servers, formatQueueSubject(servers.names.prefix, undefined, thread))
}

async function queuesIn(servers: MailServers, filter: string): Promise<QueueRecord[]> {
  const states: Promise<QueueState>[] = []
  for await (const stored of readRecordsOfRange(servers.store, { stream: servers.names.queues, filter }))
    states.push(settled(servers, stored))
  return (await Promise.all(states)).map(({ record }) => record)
}

/** Ends what a process has left that died while it settled a queue: nothing else leads to a queue without messages. */
async function settled(servers: MailServers, stored: StoredRecord): Promise<QueueState> {
  const state = parseQueueRecord(stored)
  if (state.record.ending.length === 0 || servers.now() - stored.at < settlingMs) return state
  await finishEndedMessagesOfQueue(servers, state.record, state)
  return await readQueueRecord(servers, state.record)
}

/** How long a process is taken to settle a queue. */
const settlingMs = 2_000
