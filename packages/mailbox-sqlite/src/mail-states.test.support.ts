import { openMemorySqliteStore, type SqliteStore } from '@subagent-mcp/journal'
import { afterEach } from 'vitest'
import { z } from 'zod'
import type { MailboxCommand } from '@subagent-mcp/mailbox/backing'
import { createSqlState, type SqlMailState } from './sql/sql-state.js'

/** Opens mailbox states in memory, and closes them after each test. */
export function useMailStates() {
  const stores: SqliteStore[] = []
  const close = (): void => {
    for (const store of stores.splice(0)) store.close()
  }
  afterEach(close)
  return {
    close,
    make: (): { store: SqliteStore; state: SqlMailState } => {
      const store = openMemorySqliteStore()
      stores.push(store)
      return { store, state: createSqlState(store) }
    },
  }
}

const tables = [
  ...['mailAgents', 'mailHandlers', 'mailMessages', 'mailQueues', 'mailKeys', 'mailFormat'],
  ...['mailTallies', 'mailTalks'],
]

/** The rows of all tables of a mailbox. */
export function rowsOf(store: SqliteStore): unknown[] {
  return tables.map((table) => store.rows(z.unknown(), `SELECT * FROM ${table} ORDER BY 1, 2`))
}

export const tries = { maxTries: 3, backoffMs: 100, longestBackoffMs: 300 }

/** The sender of a test message. */
export function from(name: string) {
  return { name, host: 'h', through: 'agent' } as const
}

export function registering(name: string, instance: string, topics: string[] = []): MailboxCommand {
  const handler = { instance, kind: 'worker', pid: 1, startTime: '1', host: 'h' } as const
  const about = { project: 'p', capabilities: [], topics, wakes: 'high' } as const
  return { type: 'register', name, ...about, capabilities: [], handler, keeper: 'k' }
}

export function sending(
  id: string,
  order: { to: string; by: string; thread: string; key?: string },
): MailboxCommand {
  const { by, ...rest } = order
  return { type: 'send', id, from: from(by), ...rest, body: id, expectsReply: true }
}

export function taking(take: string, order: TakingOrder): MailboxCommand {
  const { agent, instance, leaseMs = 1_000, limit = 32 } = order
  return { type: 'take', take, agent, instance, leaseMs, limit, thread: null, tries }
}

type TakingOrder = { agent: string; instance: string; leaseMs?: number; limit?: number }
