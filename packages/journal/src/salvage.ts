import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { createRowChecksumTextSql } from './row-checksum.js'
import { damagedFactType, factColumns, insertSalvagedFact, FactRow, type StoredFact } from './facts.js'
import { migrateJournal } from './migrations.js'
import { JournalOwner } from './journal-owner.js'
import { insertJournalOwner, ownerColumns } from './journal-owners.js'
import { readJournalFile } from './read-journal-file.js'
import { openSqliteStore, type SqliteStore } from './sqlite-store.js'

/** The facts that were read from a damaged journal, as numbers, and the number of its last message. */
export type JournalSalvage = {
  facts: number
  lastFact: number
  since: number | undefined
  messages: number
  agents: ReadonlySet<string>
}

/** Copies everything readable from a damaged journal to a new file. The damaged file is not changed. */
export function salvageJournal(damaged: string, fresh: string, upTo: number): JournalSalvage {
  const target = openSqliteStore(fresh)
  try {
    migrateJournal(target)
    const found: JournalSalvage = { facts: 0, lastFact: 0, since: undefined, messages: 0, agents: new Set() }
    return attempt(() => readJournalFile(damaged, (rows) => copyAll(rows, target, upTo))) ?? found
  } finally {
    target.close()
  }
}

type Rows = SqliteStore['rows']

type Copied = Omit<JournalSalvage, 'messages' | 'agents'> & { agents: Set<string> }

function copyAll(rows: Rows, target: SqliteStore, upTo: number): JournalSalvage {
  const owners = copyOwners(rows, target)
  const most = attempt(() => rows(Seq, 'SELECT coalesce(max(seq), 0) AS seq FROM facts'))?.[0]?.seq ?? 0
  const found: Copied = { facts: 0, lastFact: 0, since: undefined, agents: new Set() }
  const ownerOf = agentOwners(rows, owners)
  // A damaged number may be anything, but the last noted number is close to the last written one.
  for (const page of readable(rows, Math.max(upTo, Math.min(most, upTo + mostUnnoted)))) {
    target.write(() => {
      for (const entry of page) {
        insertSalvagedFact(target, entry, ownerOf.get(entry.agentId))
        found.agents.add(entry.agentId)
      }
    })
    const last = page.at(-1)
    found.facts += page.length
    found.lastFact = last?.seq ?? found.lastFact
    found.since = last?.at ?? found.since
  }
  copyTables(rows, target)
  const messages = attempt(() =>
    target.rows(Seq, 'SELECT coalesce(max(seq), 0) AS seq FROM mailMessages'),
  )?.[0]?.seq
  return { ...found, messages: messages ?? 0 }
}

/** The readable facts of a damaged journal, page by page. An unreadable page is halved, down to single facts. */
function* readable(rows: Rows, most: number): Iterable<readonly StoredFact[]> {
  let failures = 0
  const within = function* (first: number, last: number): Iterable<readonly StoredFact[]> {
    if (first > last || failures > mostFailures) return
    const page = attempt(() =>
      rows(FactRow, `SELECT ${factColumns} FROM facts WHERE seq BETWEEN ? AND ? ORDER BY seq`, first, last),
    )
    if (page !== undefined) {
      yield page.filter(({ type }) => type !== damagedFactType)
      return
    }
    failures += 1
    if (first === last) return
    const middle = Math.floor((first + last) / 2)
    yield* within(first, middle)
    yield* within(middle + 1, last)
  }
  for (let first = 1; first <= most; first += pageFacts)
    yield* within(first, Math.min(most, first + pageFacts - 1))
}

const pageFacts = 512
/** The most facts that can follow the last noted number, because older daemons note no numbers. */
const mostUnnoted = 2_000_000
/** The unreadable facts after which the salvage stops, for a file without readable parts. */
const mostFailures = 20_000

function copyOwners(rows: Rows, target: SqliteStore): ReadonlySet<string> {
  const columns = ownerColumns.map((column) => `CAST("${column}" AS BLOB) AS "${column}"`).join(', ')
  const found = attempt(() => rows(z.record(z.string(), Cell), `SELECT ${columns} FROM owners`)) ?? []
  const ids = new Set<string>()
  for (const row of found) {
    const text = Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, textOf(cell)]))
    const owner = JournalOwner.safeParse({ ...text, pid: Number(text['pid']), since: Number(text['since']) })
    if (!owner.success) continue
    insertJournalOwner(target, owner.data)
    ids.add(owner.data.id)
  }
  return ids
}

function agentOwners(rows: Rows, owners: ReadonlySet<string>): ReadonlyMap<string, string> {
  const agents = `SELECT ${createRowChecksumTextSql(['id'])} AS id, CAST(owner AS BLOB) AS owner FROM agents WHERE owner IS NOT NULL`
  const found = attempt(() => rows(z.object({ id: Cell, owner: Cell }), agents)) ?? []
  return new Map(
    found.flatMap(({ id, owner }) => {
      const [agent, own] = [textOf(id), textOf(owner)]
      return agent !== undefined && own !== undefined && owners.has(own) ? [[agent, own] as const] : []
    }),
  )
}

/** Copies audit log, usage and mailbox as whole rows, whatever text they hold. */
function copyTables(rows: Rows, target: SqliteStore): void {
  const schema = `SELECT CAST(type AS BLOB) AS type, CAST(name AS BLOB) AS name, CAST(sql AS BLOB) AS sql FROM sqlite_schema WHERE sql IS NOT NULL`
  const parts = (attempt(() => rows(z.object({ type: Cell, name: Cell, sql: Cell }), schema)) ?? []).map(
    ({ type, name, sql }) => ({ type: textOf(type), name: textOf(name) ?? '', sql: textOf(sql) ?? '' }),
  )
  const mail = parts.filter(({ name }) => /^mail\w*$/.test(name))
  for (const { sql } of mail.filter(({ type }) => type === 'table')) make(target, sql)
  for (const { name } of [
    { name: 'records' },
    { name: 'usage' },
    ...mail.filter(({ type }) => type === 'table'),
  ])
    copyTable(rows, target, name)
  // Triggers are created after the rows are copied, because they would count the rows twice.
  for (const { sql } of mail.filter(({ type }) => type !== 'table')) make(target, sql)
}

function make(target: SqliteStore, sql: string): void {
  attempt(() => {
    target.write(() => {
      target.execute(sql)
    })
  })
}

function copyTable(rows: Rows, target: SqliteStore, table: string): void {
  const columns =
    attempt(() =>
      target.rows(z.object({ name: z.string() }), `SELECT name FROM pragma_table_info('${table}')`),
    ) ?? []
  if (columns.length === 0) return
  const names = columns.map(({ name }) => `"${name}"`)
  const values = names.map(
    (name) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END AS ${name}`,
  )
  const select = `SELECT ${values.join(', ')} FROM "${table}"`
  const insert = `INSERT OR IGNORE INTO "${table}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
  const put = (found: readonly Record<string, Cell>[]): void => {
    target.write(() => {
      for (const row of found) {
        const cells = Object.values(row).map((cell) => (cell instanceof ArrayBuffer ? textOf(cell) : cell))
        const whole = cells.flatMap((cell) => (cell === undefined ? [] : [cell]))
        if (whole.length === cells.length) attempt(() => target.run(insert, ...whole))
      }
    })
  }
  const Cells = z.record(z.string(), Cell)
  const all = attempt(() => rows(Cells, select))
  if (all !== undefined) put(all)
  else
    for (const rowid of rowIds(rows, table))
      put(attempt(() => rows(Cells, `${select} WHERE rowid = ?`, rowid)) ?? [])
}

/** All row ids that a table can have, newest first: a damaged page must not end the search. */
function rowIds(rows: Rows, table: string): readonly number[] {
  const last =
    attempt(() => rows(Seq, `SELECT coalesce(max(rowid), 0) AS seq FROM "${table}"`))?.[0]?.seq ?? 0
  const first =
    attempt(() => rows(Seq, `SELECT coalesce(min(rowid), 1) AS seq FROM "${table}"`))?.[0]?.seq ?? 1
  return Array.from({ length: Math.min(last - first + 1, mostRowIds) }, (_, index) => last - index)
}

const mostRowIds = 200_000

/** Returns the result of a read, or `undefined` if it throws: a damaged file can cause any error. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function textOf(cell: Cell): string | undefined {
  if (!(cell instanceof ArrayBuffer)) return cell === null ? undefined : String(cell)
  return isUtf8(cell) ? Buffer.from(cell).toString() : undefined
}

type Cell = z.infer<typeof Cell>
const Cell = z.union([z.instanceof(ArrayBuffer), z.number(), z.string(), z.null()])
const Seq = z.object({ seq: z.number() })
