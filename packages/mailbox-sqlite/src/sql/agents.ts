import { EventSeverity } from '@subagent-mcp/contract'
import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { MailHandler, MailAgent } from '@subagent-mcp/mailbox'

/** The registered handlers of one agent, or of all; their processes may be gone. */
export function selectMailHandlers(
  store: SqliteStore,
  agent?: string,
): (MailHandler & { agent: string; keeper: string })[] {
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

/** The names of all agents; much faster than `selectMailAgents`. */
export function selectMailAgentNames(store: SqliteStore): string[] {
  return store.rows(NameRow, 'SELECT name FROM mailAgents').map(({ name }) => name)
}

/** All agents with their handlers, sorted by name. */
export function selectMailAgents(store: SqliteStore): MailAgent[] {
  const handlers = new Map<string, MailHandler[]>()
  for (const { agent, ...handler } of selectMailHandlers(store)) {
    handlers.set(agent, [...(handlers.get(agent) ?? []), handlerOf(handler)])
  }
  const all = `SELECT mailAgents.*, coalesce(unread, 0) AS waiting, coalesce(dead, 0) AS dead
    FROM mailAgents LEFT JOIN mailTallies ON agent = name ORDER BY name`
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
  wakes: EventSeverity,
  lastSeenAt: z.number(),
  waiting: z.number(),
  dead: z.number(),
})

function handlerOf({ instance, kind, pid, startTime, host }: MailHandler): MailHandler {
  return { instance, kind, pid, startTime, host }
}

const NameRow = z.object({ name: z.string() })
