import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { Handler, KnownAgent, Message, Thread } from '../mailbox.js'
import { Severity } from '../severity.js'
import { messagesWhere } from './messages.js'

/** All handlers that are registered, alive or not; of one agent, or of all. */
export function handlersIn(store: Store, agent?: string): (Handler & { agent: string; keeper: string })[] {
  if (agent === undefined) return store.rows(HandlerRow, 'SELECT * FROM mailHandlers ORDER BY instance')
  return store.rows(HandlerRow, 'SELECT * FROM mailHandlers WHERE agent = ? ORDER BY instance', agent)
}

const HandlerRow = z.object({
  instance: z.string(),
  agent: z.string(),
  kind: z.enum(['worker', 'session']),
  pid: z.number(),
  startTime: z.string(),
  host: z.string(),
  keeper: z.string(),
})

/** Of all agents: much sooner than what is known of them. */
export function namesIn(store: Store): string[] {
  return store.rows(NameRow, 'SELECT name FROM mailAgents').map(({ name }) => name)
}

/** By name, with all their handlers. */
export function agentsIn(store: Store): KnownAgent[] {
  const handlers = new Map<string, Handler[]>()
  for (const { agent, ...handler } of handlersIn(store)) {
    handlers.set(agent, [...(handlers.get(agent) ?? []), handlerOf(handler)])
  }
  const unread =
    "SELECT count(*) FROM mailMessages WHERE recipient = name AND finished = 0 AND kind <> 'event'"
  const dead = "SELECT count(*) FROM mailMessages WHERE recipient = name AND status = 'dead'"
  const all = `SELECT *, (${unread}) AS waiting, (${dead}) AS dead FROM mailAgents ORDER BY name`
  return store.rows(AgentRow, all).map(({ provider, ...agent }) => ({
    ...agent,
    ...(provider !== null && { provider }),
    handlers: handlers.get(agent.name) ?? [],
  }))
}

const TextList = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)))
const AgentRow = z.object({
  name: z.string(),
  project: z.string(),
  provider: z.string().nullable(),
  capabilities: TextList,
  topics: TextList,
  wakes: Severity,
  lastSeenAt: z.number(),
  waiting: z.number(),
  dead: z.number(),
})

function handlerOf({ instance, kind, pid, startTime, host }: Handler): Handler {
  return { instance, kind, pid, startTime, host }
}

/** What waits for an agent, held or not, oldest first. */
export function inboxOf(store: Store, agent: string): Message[] {
  return messagesWhere(store, 'recipient = ? AND finished = 0 ORDER BY seq', agent)
}

/** All messages of a thread, oldest first. */
export function threadIn(store: Store, thread: string): Message[] {
  return messagesWhere(store, 'thread = ? ORDER BY seq', thread)
}

/** Dead letters, the newest first. */
export function deadIn(
  store: Store,
  { agent, limit = usualLimit }: { agent?: string; limit?: number },
): Message[] {
  const newest = "status = 'dead' ORDER BY since DESC, seq DESC LIMIT ?"
  if (agent === undefined) return messagesWhere(store, newest, limit)
  return messagesWhere(store, `recipient = ? AND ${newest}`, agent, limit)
}

/** The newest first. */
export function threadsIn(
  store: Store,
  { agent, limit = usualLimit }: { agent?: string; limit?: number },
): Thread[] {
  const newest = 'GROUP BY thread ORDER BY max(seq) DESC LIMIT ?'
  const ofAgent = `HAVING max(sender = ? OR recipient = ?) ORDER BY max(seq) DESC LIMIT ?`
  const rows =
    agent === undefined
      ? store.rows(LastRow, `SELECT thread, max(seq) AS last FROM mailMessages ${newest}`, limit)
      : store.rows(
          LastRow,
          `SELECT thread, max(seq) AS last FROM mailMessages GROUP BY thread ${ofAgent}`,
          ...[agent, agent, limit],
        )
  return rows.flatMap(({ thread, last }) => threadOf(store, thread, last))
}

const LastRow = z.object({ thread: z.string(), last: z.number() })
const usualLimit = 50

function threadOf(store: Store, id: string, lastSeq: number): Thread[] {
  const counted = `SELECT count(*) AS messages, sum(finished = 0) AS waiting FROM mailMessages WHERE thread = ?`
  const agents = `SELECT sender AS name FROM mailMessages WHERE thread = ?1 AND through <> 'mailbox'
    UNION SELECT recipient FROM mailMessages WHERE thread = ?1 ORDER BY name`
  const names = store.rows(NameRow, agents, id).map(({ name }) => name)
  const [last] = store.rows(
    LastWords,
    'SELECT sentAt, substr(body, 1, 200) AS last FROM mailMessages WHERE seq = ?',
    lastSeq,
  )
  return store.rows(Counted, counted, id).flatMap((counts) => {
    return last === undefined ? [] : [{ id, agents: names, ...counts, lastAt: last.sentAt, last: last.last }]
  })
}

const NameRow = z.object({ name: z.string() })
const Counted = z.object({ messages: z.number(), waiting: z.number() })
const LastWords = z.object({ sentAt: z.number(), last: z.string() })
