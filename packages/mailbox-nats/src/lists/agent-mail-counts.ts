import type { MailHandler, MailAgent, UntakenMailCount } from '@subagent-mcp/mailbox'
import { readAgentRecords } from '../agent-records.js'
import { countMessagesMissingFromCopy } from './lists.js'
import { waitUntilArchiveCopied, type MailServers } from '../mail-servers.js'
import { readNewestRecords } from './newest-records.js'
import { readAgentQueues } from '../queue/queue-lists.js'
import type { AgentRecord } from '../jetstream/records.js'
import { formatDeadLetterSubject, formatMessageFilter, parseMessageSubject } from '../jetstream/subjects.js'

/** The counts of agents, which servers take milliseconds to make, so they are kept until the agent's mail changes. */
export type AgentMailCounts = {
  agents(): Promise<MailAgent[]>
  waiting(): Promise<UntakenMailCount[]>
  /** Forgets the counts of agents whose mail has changed. */
  forget(agents: readonly string[]): void
}

type Summary = { direct: number; dead: number; untaken: UntakenMailCount | undefined }

/** Creates the counts, with nothing kept yet. */
export function createAgentMailCounts(servers: MailServers): AgentMailCounts {
  const kept = new Map<string, { summary: Promise<Summary>; at: number }>()
  const summaryOf = (agent: string): Promise<Summary> => {
    const known = kept.get(agent)
    if (known && servers.now() - known.at < keptMs) return known.summary
    const summary = summarize(servers, agent)
    kept.set(agent, { summary, at: servers.now() })
    summary.catch(() => kept.delete(agent))
    return summary
  }
  const all = async (): Promise<{ agent: AgentRecord; summary: Summary }[]> => {
    const [agents] = await Promise.all([readAgentRecords(servers), waitUntilArchiveCopied(servers)])
    const names = new Set(agents.map(({ name }) => name))
    for (const name of kept.keys()) if (!names.has(name)) kept.delete(name)
    return await Promise.all(agents.map(async (agent) => ({ agent, summary: await summaryOf(agent.name) })))
  }
  return {
    agents: async () =>
      (await all()).map(({ agent, summary: { direct, dead } }) => ({
        ...knownFrom(agent),
        waiting: direct,
        dead,
      })),
    waiting: async () => (await all()).flatMap(({ summary: { untaken } }) => untaken ?? []),
    forget: (agents) => {
      for (const agent of agents) kept.delete(agent)
    },
  }
}

/** A report of a change may be lost, so counts are made again after this time. */
const keptMs = 10_000

function knownFrom(agent: AgentRecord): Omit<MailAgent, 'waiting' | 'dead'> {
  const { name, project, provider, capabilities, topics, wakes, lastSeenAt } = agent
  const about = { name, project, capabilities, topics, wakes, lastSeenAt }
  const handlers = agent.handlers.map(handlerFrom)
  return { ...about, handlers, ...(provider !== undefined && { provider }) }
}

/** A handler without what only this package knows of it. */
function handlerFrom({ instance, kind, pid, startTime, host }: AgentRecord['handlers'][number]): MailHandler {
  return { instance, kind, pid, startTime, host }
}

/** The registered handlers of agents, whose processes may be gone. */
export function listHandlers(
  agents: readonly AgentRecord[],
): readonly (MailHandler & { agent: string; keeper: string })[] {
  return agents.flatMap(({ name, handlers }) =>
    handlers.map((handler) => ({ ...handlerFrom(handler), agent: name, keeper: handler.keeper })),
  )
}

async function summarize(servers: MailServers, agent: string): Promise<Summary> {
  const { store, names } = servers
  const { work, records, prefix } = names
  const toAgent = { to: agent, urgency: 'work' } as const
  const [all, dead, queues] = await Promise.all([
    store.count({ stream: work, filter: formatMessageFilter(prefix, toAgent) }),
    store.count({ stream: records, filter: formatDeadLetterSubject(prefix, agent) }),
    readAgentQueues(servers, agent),
  ])
  const other = queues.reduce((sum, queue) => sum + countMessagesMissingFromCopy(queue), 0)
  if (all + other === 0) return { direct: 0, dead, untaken: undefined }
  const direct = await store.count({
    stream: work,
    filter: formatMessageFilter(prefix, { ...toAgent, kind: 'direct' }),
  })
  const held = new Set(queues.flatMap(({ lease }) => lease?.mail.map(({ id }) => id) ?? []))
  const messages = all + other - held.size
  if (messages <= 0) return { direct: direct + other, dead, untaken: undefined }
  const range = { stream: work, filter: formatMessageFilter(prefix, toAgent) }
  const limit = Math.min(newestMessages + held.size, 1_000)
  const newest = await readNewestRecords(store, range, { before: Infinity, limit, subjectsOnly: true })
  const untaken = newest
    .map(({ subject }) => parseMessageSubject(subject))
    .filter(({ id }) => !held.has(id))
    .toReversed()
  const senders = [...new Set(untaken.slice(0, newestMessages).map(({ from }) => from))].slice(0, mostSenders)
  const revived = queues.flatMap((queue) => queue.revived.map(({ id }) => id))
  const [latest = revived.at(-1) ?? ''] = untaken.map(({ id }) => id)
  return { direct: direct + other, dead, untaken: { agent, messages, newest: latest, from: senders } }
}

/** The number of an agent's newest messages in which its latest senders are looked up. */
const newestMessages = 32
const mostSenders = 3
