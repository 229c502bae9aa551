import type { MailServers } from '../mail-servers.js'
import { queueFrom, readQueue, type QueueState } from './queues.js'
import type { QueueRecord } from '../jetstream/records.js'
import { settleQueue } from './settle.js'
import { readRange, type Stored } from '../jetstream/store.js'
import { queueSubject } from '../jetstream/subjects.js'

/** All records of queues of an agent, or of all: those with held, failed or revived messages. */
export async function queuesOf(servers: MailServers, agent?: string): Promise<QueueRecord[]> {
  return queuesIn(servers, queueSubject(servers.names.prefix, agent))
}

/** All records of queues of a thread. */
export async function queuesOfThread(servers: MailServers, thread: string): Promise<QueueRecord[]> {
  return queuesIn(servers, queueSubject(servers.names.prefix, undefined, thread))
}

async function queuesIn(servers: MailServers, filter: string): Promise<QueueRecord[]> {
  const states: Promise<QueueState>[] = []
  for await (const stored of readRange(servers.store, { stream: servers.names.queues, filter }))
    states.push(settled(servers, stored))
  return (await Promise.all(states)).map(({ record }) => record)
}

/** Ends what a process has left that died while it settled a queue: nothing else leads to a queue without messages. */
async function settled(servers: MailServers, stored: Stored): Promise<QueueState> {
  const state = queueFrom(stored)
  if (state.record.ending.length === 0 || servers.now() - stored.at < settlingMs) return state
  await settleQueue(servers, state.record, state)
  return await readQueue(servers, state.record)
}

/** How long a process is taken to settle a queue. */
const settlingMs = 2_000
