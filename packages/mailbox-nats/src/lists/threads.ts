import { mailPageSizes } from '@subagent-mcp/contract'
import type { MailPageLimit, MailboxThread } from '@subagent-mcp/mailbox'
import { countMessagesMissingFromCopy } from './lists.js'
import { readArchivedMessage, waitUntilArchiveCopied, type MailServers } from '../mail-servers.js'
import { readNewestRecords } from './newest-records.js'
import { readThreadQueues } from '../queue/queue-lists.js'
import type { StoredRecord } from '../jetstream/store.js'
import { formatMessageFilter, parseMessageSubject, type MessageSubject } from '../jetstream/subjects.js'

/** The threads in which an agent, or any agent, sent or got a message; the one with the newest message first. */
export async function listThreads(
  servers: MailServers,
  { agent, limit = mailPageSizes.default }: { agent?: string } & MailPageLimit,
): Promise<readonly MailboxThread[]> {
  await waitUntilArchiveCopied(servers)
  const newest = await newestMessages(servers, agent, limit)
  return await Promise.all(newest.map((seq) => describeThread(servers, seq))).then((threads) =>
    threads.flat(),
  )
}

/** The sequence numbers of the newest messages of the newest threads. It reads subjects backward until there are enough threads. */
async function newestMessages(
  servers: MailServers,
  agent: string | undefined,
  limit: number,
): Promise<number[]> {
  const filters = agent === undefined ? [{}] : [{ to: agent }, { from: agent }]
  const walks = filters.map((filter) => ({ filter, before: Infinity, isOver: false }))
  const found = new Map<number, string>()
  for (let block = 2 * limit; ; block = Math.min(2 * block, longestBlock)) {
    for (const walk of walks.filter(({ isOver }) => !isOver)) {
      const records = await blockBefore(servers, walk, block)
      for (const { seq, subject } of records) found.set(seq, parseMessageSubject(subject).thread)
      walk.before = records[0]?.seq ?? 0
      walk.isOver = records.length < block
    }
    // Below the horizon a walk may have messages that it has not read.
    const horizon = Math.max(0, ...walks.filter(({ isOver }) => !isOver).map(({ before }) => before))
    const newest = firstOfThreads([...found].filter(([seq]) => seq >= horizon))
    if (newest.length >= limit || horizon === 0) return newest.slice(0, limit)
  }
}

const longestBlock = 4_096

function blockBefore(
  { store, names }: MailServers,
  { filter, before }: { filter: Partial<MessageSubject>; before: number },
  limit: number,
): Promise<StoredRecord[]> {
  const range = { stream: names.archive, filter: formatMessageFilter(names.prefix, filter) }
  return readNewestRecords(store, range, { before, limit, subjectsOnly: true })
}

function firstOfThreads(messages: readonly (readonly [number, string])[]): number[] {
  const threads = new Map<string, number>()
  for (const [seq, thread] of messages.toSorted(([one], [other]) => other - one))
    if (!threads.has(thread)) threads.set(thread, seq)
  return [...threads.values()]
}

async function describeThread(servers: MailServers, seq: number): Promise<MailboxThread[]> {
  const { store, names } = servers
  const stored = await store.at(names.archive, seq)
  if (stored === undefined) return []
  const { record } = readArchivedMessage(stored)
  const { thread } = record
  const filter = formatMessageFilter(names.prefix, { thread })
  const [first, copied, queues] = await Promise.all([
    store.page({ stream: names.archive, filter, limit: firstMessages, subjectsOnly: true }),
    store.count({ stream: names.work, filter }),
    readThreadQueues(servers, thread),
  ])
  const others = first.left > 0 ? await newcomers(servers, thread) : []
  const subjects = [...first.records, ...others].map(({ subject }) => parseMessageSubject(subject))
  const agents = subjects.flatMap(({ to, from }) => (from === 'mailbox' ? [to] : [to, from]))
  return [
    {
      id: thread,
      agents: [...new Set(agents)].toSorted((one, other) => (one < other ? -1 : 1)),
      messages: first.records.length + first.left,
      waiting: copied + queues.reduce((sum, queue) => sum + countMessagesMissingFromCopy(queue), 0),
      lastAt: record.sentAt,
      last: record.body.slice(0, 200),
    },
  ]
}

const firstMessages = 64

/** The messages that brought another agent into a thread. */
async function newcomers({ store, names }: MailServers, thread: string): Promise<StoredRecord[]> {
  const pages = await Promise.all(
    [{ addsSender: true }, { addsReceiver: true }].map((flag) => {
      const filter = formatMessageFilter(names.prefix, { thread, ...flag })
      return store.page({ stream: names.archive, filter, limit: mailPageSizes.longest, subjectsOnly: true })
    }),
  )
  return pages.flatMap(({ records }) => records)
}
