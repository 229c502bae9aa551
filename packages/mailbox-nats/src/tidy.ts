import type { MailOutcome } from '@subagent-mcp/mailbox/backing'
import { endMail } from './queue/ending.js'
import { handleUnheld } from './queue/finish.js'
import { archivedFrom, type ArchivedMessage, type MailServers } from './mail-servers.js'
import { queuesOf } from './queue/queue-lists.js'
import { changeQueue } from './queue/queues.js'
import { AgentRecord, DeadRecord, decodeRecord } from './jetstream/records.js'
import { settleQueue } from './queue/settle.js'
import type { Stored } from './jetstream/store.js'
import { agentSubject, deadSubject, keySubject, messageFilter, modelSubject } from './jetstream/subjects.js'

/** How many old records of each kind one call looks at. */
const mostRecords = 500

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export async function tidyMail(servers: MailServers, keepMs: number): Promise<MailOutcome> {
  const before = servers.now() - keepMs
  await deleteOldDead(servers, before)
  const changed: string[] = []
  const old = await oldestOf(servers, servers.names.archive, messageFilter(servers.names.prefix, {}), before)
  for (const message of old.map(archivedFrom)) changed.push(...(await tidyMessage(servers, message)))
  await deleteOldRecords(servers, before)
  await queuesOf(servers) // ends what processes have left that died
  await forgetAgents(servers, before)
  return { type: 'done', changed: [...new Set(changed)] }
}

async function oldestOf(
  { store }: MailServers,
  stream: string,
  filter: string,
  before: number,
): Promise<Stored[]> {
  const first = await store.first({ stream, filter })
  if (first === undefined || first.at > before) return []
  const { records } = await store.page({ stream, filter, limit: mostRecords })
  return records.filter(({ at }) => at <= before)
}

/** Deletes an old message, or makes it a dead letter. Returns the agents whose mail has changed. */
async function tidyMessage(servers: MailServers, message: ArchivedMessage): Promise<string[]> {
  const { store, names, recent } = servers
  const { seq, record, subject } = message
  if ((await store.at(names.work, seq)) === undefined) {
    const dead = await store.last(names.records, deadSubject(names.prefix, subject.to, record.id))
    if (dead !== undefined) return [] // it is kept as long again
  } else if (subject.urgency === 'work' && record.kind === 'direct') {
    return await bury(servers, message)
  } else if ((await handleUnheld(servers, [message])).length === 0) return []
  await store.remove(names.archive, seq, { isErased: true })
  recent.delete(record.id)
  return subject.urgency === 'work' ? [subject.to] : []
}

async function bury(servers: MailServers, { seq, record, subject }: ArchivedMessage): Promise<string[]> {
  const name = { agent: subject.to, thread: record.thread }
  const { id } = record
  const failure = 'nobody handled it in the time that it is kept'
  const outcome = { isBuried: false }
  const state = await changeQueue(servers, name, (queue) => {
    const { lease, ending } = queue
    const isHeld =
      lease !== undefined && lease.until > servers.now() && lease.mail.some((each) => each.id === id)
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
  if (!outcome.isBuried) return []
  return [subject.to, ...(await settleQueue(servers, name, state))]
}

async function deleteOldDead(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  for (const stored of await oldestOf(servers, names.records, deadSubject(names.prefix), before)) {
    const dead = decodeRecord(DeadRecord, stored.data)
    if (dead) await store.remove(names.archive, dead.seq)
    await store.remove(names.records, stored.seq)
  }
}

async function deleteOldRecords(servers: MailServers, before: number): Promise<void> {
  const { store, names } = servers
  for (const filter of [keySubject(names.prefix), modelSubject(names.prefix)])
    for (const { seq } of await oldestOf(servers, names.records, filter, before))
      await store.remove(names.records, seq)
}

/** Deletes agents that have neither handlers nor messages, and were not active for long. */
async function forgetAgents(servers: MailServers, before: number): Promise<void> {
  const { store, names, hints } = servers
  for (const stored of await oldestOf(servers, names.records, agentSubject(names.prefix), before)) {
    const agent = decodeRecord(AgentRecord, stored.data)
    if (agent === undefined || agent.handlers.length > 0) continue
    const named = await Promise.all(
      [{ to: agent.name }, { from: agent.name }].map((role) =>
        store.last(names.archive, messageFilter(names.prefix, role)),
      ),
    )
    if (named.some((message) => message !== undefined)) continue
    if (await store.remove(names.records, stored.seq)) await hints.remove(agent.name)
  }
}
