import { z } from 'zod'
import type { Store } from './store.js'

/** A fact as it is written: `body` is anything that JSON can say. */
export type NewEntry = {
  /** Unix milliseconds. */
  at: number
  agentId: string
  type: string
  body: unknown
}

/** A fact as it was written, with its number: later ones have higher numbers, and no number is used twice. */
export type Entry = NewEntry & { seq: number }

/** Which facts to read: those between two numbers, of one agent or of all. */
export type FactQuery = {
  after?: number
  before?: number
  agentId?: string
  /** 1,000 unless given. */
  limit?: number
}

/** The number of the last fact (of the last in the file when none was written), and whose facts were left out. */
type Appended = { seq: number; foreign: readonly string[] }

/**
 * Writes facts, and the rows of agents that are new; only inside a `write` of the store. Facts of agents that are another
 * owner's by now are left out, and the rest is written: what happened to the others is not lost for them.
 */
export function appendFacts(store: Store, owner: string, entries: readonly NewEntry[]): Appended {
  const foreign = new Set<string>()
  let last: number | undefined
  for (const entry of entries) {
    const seq = appendFact(store, owner, entry)
    if (seq === undefined) foreign.add(entry.agentId)
    else last = seq
  }
  return { seq: last ?? lastSeq(store), foreign: [...foreign] }
}

function appendFact(store: Store, owner: string, entry: NewEntry): number | undefined {
  const seq = insertFact(store, owner, entry)
  if (seq !== undefined) return seq
  const created = 'INSERT INTO agents (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING'
  store.run(created, entry.agentId, owner)
  return insertFact(store, owner, entry)
}

/** Whose agent it is is asked in the same statement: it costs nothing more. */
function insertFact(store: Store, owner: string, { at, agentId, type, body }: NewEntry): number | undefined {
  const { changes, lastInsertRowid } = store.run(
    `INSERT INTO facts (at, agentId, type, body) SELECT ?, id, ?, ? FROM agents WHERE id = ? AND owner = ?`,
    at,
    type,
    JSON.stringify(body),
    agentId,
    owner,
  )
  return changes === 1 ? Number(lastInsertRowid) : undefined
}

/** The first facts that a query finds, in the order of their numbers. */
export function readFacts(store: Store, query: FactQuery): Entry[] {
  const { after = 0, before = Number.MAX_SAFE_INTEGER, agentId, limit = 1_000 } = query
  const range = `${select} WHERE seq > ? AND seq < ?`
  const order = 'ORDER BY seq LIMIT ?'
  return agentId === undefined
    ? store.rows(Row, `${range} ${order}`, after, before, limit)
    : store.rows(Row, `${range} AND agentId = ? ${order}`, after, before, agentId, limit)
}

/** All facts of some agents that are there by now, in the order of their numbers; read page by page. */
export function historyOf(store: Store, agentIds: readonly string[]): Iterable<Entry> {
  const ids = JSON.stringify(agentIds)
  const last = lastSeq(store)
  // The plus keeps SQLite from the agents' index, which would have it sort the rest anew for each page.
  const page = `${select} WHERE seq > ? AND seq <= ? AND +agentId IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT 500`
  return {
    *[Symbol.iterator]() {
      let after = 0
      for (;;) {
        const entries = store.rows(Row, page, after, last, ids)
        yield* entries
        const end = entries.at(-1)
        if (end === undefined) return
        after = end.seq
      }
    },
  }
}

/** The number of the last fact that was written, by whomever and even if it is forgotten by now; 0 before the first. */
export function lastSeq(store: Store): number {
  return store.rows(LastSeq, `SELECT seq FROM sqlite_sequence WHERE name = 'facts'`)[0]?.seq ?? 0
}

const select = 'SELECT seq, at, agentId, type, body FROM facts'

const Row = z.object({
  seq: z.number(),
  at: z.number(),
  agentId: z.string(),
  type: z.string(),
  body: z.string().transform((text): unknown => JSON.parse(text)),
})

const LastSeq = z.object({ seq: z.number() })
