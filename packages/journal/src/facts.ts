import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { computeRowChecksum, createRowChecksumTextSql, joinRowChecksumText } from './row-checksum.js'
import type { LastWrittenNumber } from './commit-marks.js'
import type { SqliteStore } from './sqlite-store.js'

/** A fact to write to the journal. `body` is any JSON value. */
export type NewFact = {
  /** The time of the fact in Unix milliseconds. */
  at: number
  agentId: string
  type: string
  body: unknown
}

/** A fact in the journal with its number. Numbers increase, and none is used twice. */
export type StoredFact = NewFact & { seq: number }

/** Selects facts between two numbers, both exclusive, of one agent or of all. */
export type JournalFactQuery = {
  after?: number
  before?: number
  agentId?: string
  /** The most facts that are returned. Default: 1,000. */
  limit?: number
  /** The facts with the highest numbers, in descending order. Default: those with the lowest, in ascending order. */
  newestFirst?: boolean
}

/** The last written number, otherwise the last in the file; and the agents whose facts were left out. */
type Appended = { seq: number; written: readonly LastWrittenNumber[]; foreign: readonly string[] }

/** Writes facts and rows of new agents, in a transaction of the store. Skips facts of other owners' agents. */
export function appendFacts(store: SqliteStore, owner: string, entries: readonly NewFact[]): Appended {
  const foreign = new Set<string>()
  const written: LastWrittenNumber[] = []
  for (const entry of entries) {
    const seq = appendFact(store, owner, entry)
    if (seq === undefined) foreign.add(entry.agentId)
    else written.push({ name: entry.agentId, seq, at: entry.at })
  }
  return { seq: written.at(-1)?.seq ?? readLastFactNumber(store), written, foreign: [...foreign] }
}

function appendFact(store: SqliteStore, owner: string, entry: NewFact): number | undefined {
  const seq = insertFact(store, owner, entry)
  if (seq !== undefined) return seq
  const created = 'INSERT INTO agents (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING'
  store.run(created, entry.agentId, owner)
  return insertFact(store, owner, entry)
}

/** Writes a fact; returns `undefined` if its agent belongs to another owner, which the same statement checks. */
function insertFact(
  store: SqliteStore,
  owner: string,
  { at, agentId, type, body }: NewFact,
): number | undefined {
  const text = JSON.stringify(body)
  const { changes, lastInsertRowid } = store.run(
    `INSERT INTO facts (at, agentId, type, body, checksum) SELECT ?, id, ?, ?, ? FROM agents WHERE id = ? AND owner = ?`,
    at,
    type,
    text,
    computeRowChecksum(joinRowChecksumText([at, type, agentId, text])),
    agentId,
    owner,
  )
  return changes === 1 ? Number(lastInsertRowid) : undefined
}

/** Writes a fact of a damaged journal under its own number, and its agent, in a transaction of the store. */
export function insertSalvagedFact(store: SqliteStore, entry: StoredFact, owner: string | undefined): void {
  const { seq, at, agentId, type } = entry
  const body = JSON.stringify(entry.body)
  store.run('INSERT INTO agents (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING', agentId, owner ?? null)
  const row = 'INSERT OR IGNORE INTO facts (seq, at, agentId, type, body, checksum) VALUES (?, ?, ?, ?, ?, ?)'
  store.run(
    row,
    seq,
    at,
    agentId,
    type,
    body,
    computeRowChecksum(joinRowChecksumText([at, type, agentId, body])),
  )
}

/** Raises the counter of a table to the last number that was ever used, so that no number is used twice. */
export function raiseRowIdCounter(store: SqliteStore, table: 'facts' | 'mailMessages', seq: number): void {
  if (seq === 0) return
  store.write(() => {
    const { changes } = store.run('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?', seq, table)
    if (changes === 0) store.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', table, seq)
  })
}

/** Returns the journaled facts that a query selects, in order. */
export function readFacts(store: SqliteStore, query: JournalFactQuery): StoredFact[] {
  const { after = 0, before = Number.MAX_SAFE_INTEGER, agentId, limit = 1_000, newestFirst = false } = query
  const range = `${select} WHERE seq > ? AND seq < ?`
  const order = `ORDER BY seq ${newestFirst ? 'DESC ' : ''}LIMIT ?`
  return agentId === undefined
    ? store.rows(FactRow, `${range} ${order}`, after, before, limit)
    : store.rows(FactRow, `${range} AND agentId = ? ${order}`, after, before, agentId, limit)
}

/** The facts of an agent, which are read page by page. */
export function* iterateFactsOfAgent(
  store: SqliteStore,
  agentId: string,
  order: 'oldest-first' | 'newest-first',
): Iterable<StoredFact> {
  const newestFirst = order === 'newest-first'
  for (let end: number | undefined; ;) {
    const from = end === undefined ? {} : newestFirst ? { before: end } : { after: end }
    // The first newest facts almost always have what is looked for.
    const limit = newestFirst && end === undefined ? 20 : 500
    const page = readFacts(store, { agentId, newestFirst, limit, ...from })
    yield* page
    end = page.at(-1)?.seq
    if (end === undefined || page.length < limit) return
  }
}

/** The facts of some agents, each agent's after a number, up to a number, in ascending order, read page by page. */
export function iterateFactsOfAgents(
  store: SqliteStore,
  agents: readonly (readonly [agentId: string, after: number])[],
  upTo: number,
): Iterable<StoredFact> {
  const numbers = `SELECT json_group_array(seq) AS numbers FROM (SELECT facts.seq FROM json_each(?) AS agents
    JOIN facts ON facts.agentId = json_extract(agents.value, '$[0]') AND facts.seq > json_extract(agents.value, '$[1]')
    WHERE facts.seq <= ? ORDER BY facts.seq)`
  const page = `${select} WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`
  const [found] = store.rows(Numbers, numbers, JSON.stringify(agents), upTo)
  const left = found?.numbers ?? []
  return {
    *[Symbol.iterator]() {
      for (let start = 0; start < left.length; start += pageSize)
        yield* store.rows(FactRow, page, JSON.stringify(left.slice(start, start + pageSize)))
    },
  }
}

const pageSize = 500

/** The highest fact number ever used, also by other processes and for deleted facts; 0 before the first. */
export function readLastFactNumber(store: Pick<SqliteStore, 'rows'>): number {
  return (
    store.rows(LastSeq, `SELECT CAST(seq AS INTEGER) AS seq FROM sqlite_sequence WHERE name = 'facts'`)[0]
      ?.seq ?? 0
  )
}

/** The type that a damaged fact is read as. Of such a fact only the number is known. */
export const damagedFactType = 'damaged'

const content = createRowChecksumTextSql(['at', 'type', 'agentId', 'body'])

/** The SQL columns of a fact, which `FactRow` parses. */
export const factColumns = `seq, checksum, ${content} AS content`

const select = `SELECT ${factColumns} FROM facts`

/** Parses a row of `factColumns` to a fact. */
export const FactRow = z
  .object({ seq: z.number(), checksum: z.number().nullable(), content: z.instanceof(ArrayBuffer) })
  .transform(({ seq, checksum, content }): StoredFact => readFact(seq, checksum, Buffer.from(content)))

function readFact(seq: number, checksum: number | null, bytes: Buffer): StoredFact {
  const isWhole = checksum === null ? isUtf8(bytes) : checksum === computeRowChecksum(bytes)
  const body = isWhole ? jsonIn(bytes.subarray(bytes.lastIndexOf('\n') + 1)) : undefined
  if (body === undefined) return { seq, at: 0, agentId: '', type: damagedFactType, body: undefined }
  const [at = '', type = '', ...agentId] = bytes.subarray(0, bytes.lastIndexOf('\n')).toString().split('\n')
  return { seq, at: Number(at), agentId: agentId.join('\n'), type, body: body.value }
}

function jsonIn(bytes: Buffer): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return { value }
  } catch {
    return undefined // Only a row without a checksum comes here: it is damaged.
  }
}

const LastSeq = z.object({ seq: z.number() })
const Numbers = z.object({
  numbers: z.string().transform((text) => z.array(z.number()).parse(JSON.parse(text))),
})
