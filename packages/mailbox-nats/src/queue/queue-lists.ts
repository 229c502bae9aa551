import type { MailServers } from '../mail-servers.js'
import { queueFrom, readQueue, type QueueState } from './queues.js'
import type { QueueRecord } from '../jetstream/records.js'
import { settleQueue } from './settle.js'
import type { Stored } from '../jetstream/store.js'
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
  const { store, names } = servers
  const records: Stored[] = []
  let from = 1
  for (;;) {
    // Mostly there are none or a few, for which a consumer would cost more than it saves.
    const first = await store.first({ stream: names.queues, filter, from })
    if (first === undefined) break
    records.push(first)
    from = first.seq + 1
    if (records.length < fewRecords) continue
    const page = await store.page({ stream: names.queues, filter, from, limit: 1_000 })
    records.push(...page.records)
    if (page.left === 0) break
    from = (page.records.at(-1)?.seq ?? from) + 1
  }
  const states = await Promise.all(records.map((stored) => settled(servers, stored)))
  return states.map(({ record }) => record)
}

const fewRecords = 4

/** Ends what a process has left that died while it settled a queue: nothing else leads to a queue without messages. */
async function settled(servers: MailServers, stored: Stored): Promise<QueueState> {
  const state = queueFrom(stored)
  if (state.record.ending.length === 0 || servers.now() - stored.at < settlingMs) return state
  await settleQueue(servers, state.record, state)
  return await readQueue(servers, state.record)
}

/** How long a process is taken to settle a queue. */
const settlingMs = 2_000
