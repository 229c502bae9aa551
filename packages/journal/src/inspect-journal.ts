import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { readCheckedRows } from './checked-rows.js'
import { createRowChecksumTextSql } from './row-checksum.js'
import { readLastFactNumber } from './facts.js'
import { isDatabaseDamageError } from './io-failure.js'
import {
  firstChecksumFormat,
  readJournalFormat,
  newestJournalFormat,
  getJournalSchema,
} from './migrations.js'
import { ownerColumns } from './journal-owners.js'
import { readJournalFile } from './read-journal-file.js'
import { rethrowIoFailures, type SqliteStore } from './sqlite-store.js'

export type JournalCheckResult =
  | { type: 'absent' }
  | { type: 'sound' }
  | { type: 'damaged'; problems: readonly string[] }

/** The result of the check before opening: for a sound file the numbers of its last fact and message. */
export type JournalExamination =
  | { type: 'absent' | 'newer' }
  | { type: 'sound'; facts: number; messages: number }
  | { type: 'damaged'; problems: readonly string[] }

/**
 * Checks a journal file by SQLite's integrity check and the checksums of its rows, also while a daemon has it open.
 * Changes nothing. Blocks for a moment per megabyte. @throws SubagentError `io-failed` for a file that cannot be read
 */
export function inspectJournal(path: string): JournalCheckResult {
  const examined = examineJournal(path)
  if (examined.type === 'damaged') return examined
  return { type: examined.type === 'absent' ? 'absent' : 'sound' }
}

/** A part of the check of a journal: SQLite's check of the file and its indexes, or that of the rows. */
export type JournalCheckPart = 'structure' | 'rows'

/** Both parts of the check of a journal, which can run in parallel. */
export const journalCheckParts: readonly JournalCheckPart[] = ['structure', 'rows']

/** Checks a journal before it is opened; does not check files of a newer format. @throws SubagentError `io-failed` */
export function examineJournal(path: string, parts = journalCheckParts): JournalExamination {
  return rethrowIoFailures(`the journal ${path}`, () => {
    try {
      return readJournalFile(path, (rows) => examine(rows, parts)) ?? { type: 'absent' }
    } catch (cause) {
      if (!isDamage(cause)) throw cause
      return { type: 'damaged', problems: [cause instanceof Error ? cause.message : String(cause)] }
    }
  })
}

/** Whether an error means that the journal is damaged: also SQL that fails, or rows of an unknown shape. */
function isDamage(cause: unknown): boolean {
  const isStrange = cause instanceof z.ZodError || cause instanceof SyntaxError
  return (
    isDatabaseDamageError(cause) ||
    isStrange ||
    (cause instanceof Error && 'code' in cause && cause.code === 'SQLITE_ERROR')
  )
}

type Rows = SqliteStore['rows']

function examine(rows: Rows, parts: readonly JournalCheckPart[]): JournalExamination {
  const format = readJournalFormat(rows)
  if (format > newestJournalFormat) return { type: 'newer' }
  // Names first, because SQLite's own check would return damaged names as text.
  const problems = [...shapeProblems(rows, format)]
  if (problems.length === 0 && parts.includes('structure')) problems.push(...integrityProblems(rows))
  if (problems.length === 0 && parts.includes('rows'))
    problems.push(...factProblems(rows, format), ...textProblems(rows))
  if (problems.length > 0) return { type: 'damaged', problems: problems.slice(0, mostProblems) }
  return { type: 'sound', ...lastNumbers(rows) }
}

function lastNumbers(rows: Rows): { facts: number; messages: number } {
  const counters = "SELECT 0 AS seq FROM sqlite_schema WHERE name = 'sqlite_sequence'"
  if (rows(Seq, counters).length === 0) return { facts: 0, messages: 0 }
  return { facts: readLastFactNumber({ rows }), messages: readLastMessageNumber(rows) }
}

/** The number of the last mailbox message ever written, if the mailbox has its tables in the journal. */
export function readLastMessageNumber(rows: Rows): number {
  return (
    rows(Seq, "SELECT CAST(seq AS INTEGER) AS seq FROM sqlite_sequence WHERE name = 'mailMessages'")[0]
      ?.seq ?? 0
  )
}

/** Problems of the journal's tables and indexes: differences from those of the file's format. */
function shapeProblems(rows: Rows, format: number): string[] {
  const schema = `SELECT ${createRowChecksumTextSql(['name'])} AS name, ${createRowChecksumTextSql(['sql'])} AS sql FROM sqlite_schema WHERE sql IS NOT NULL`
  const found = new Map<string, string>()
  for (const { name, sql } of rows(SchemaRow, schema)) {
    if (!isUtf8(name) || !isUtf8(sql)) return ['a name in it is no text']
    found.set(Buffer.from(name).toString(), Buffer.from(sql).toString())
  }
  const strange = [...getJournalSchema(format)].filter(
    ([name, sql]) => withoutSpace(found.get(name)) !== withoutSpace(sql),
  )
  if (format === 0 && found.has('facts')) return ['its format is gone']
  return strange.map(([name]) => `the table or index ${name} is not as it was made`)
}

function withoutSpace(sql: string | undefined): string | undefined {
  return sql?.replaceAll(/\s/g, '')
}

function integrityProblems(rows: Rows): string[] {
  return rows(Integrity, `PRAGMA integrity_check(${mostProblems})`)
    .map((row) => row.integrity_check)
    .filter((problem) => problem !== 'ok')
}

function factProblems(rows: Rows, format: number): string[] {
  if (format < 1) return []
  const [last] = rows(Seq, 'SELECT coalesce(max(seq), 0) AS seq FROM facts')
  if ((last?.seq ?? 0) > readLastFactNumber({ rows })) return ['its counter of facts is behind']
  if (format < firstChecksumFormat) return []
  const damaged = countDamagedRows(rows, 'facts', ['at', 'type', 'agentId', 'body'])
  return [
    ...(damaged === 0 ? [] : [`${damaged} facts are not what was written`]),
    ...(countDamagedRows(rows, 'owners', ownerColumns) === 0
      ? []
      : ['a daemon in it is not the one that was written']),
  ]
}

/** Counts the rows of a table with a wrong checksum. Rows of older daemons have none. */
function countDamagedRows(rows: Rows, table: string, columns: readonly string[]): number {
  let damaged = 0
  for (const { isDamaged } of readCheckedRows(rows, { table, columns })) if (isDamaged) damaged += 1
  return damaged
}

/**
 * The columns of a journal whose text is not valid UTF-8, which libsql cannot read. Facts and snapshots are read as blobs, with
 * their checksums.
 */
function textProblems(rows: Rows): string[] {
  const columns = rows(
    Column,
    `SELECT tables.name AS "table", columns.name AS "column" FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
     WHERE tables.type = 'table' AND tables.name NOT IN ('facts', 'snapshots', 'sharedSnapshot', 'sqlite_sequence') AND columns.type = 'TEXT'`,
  )
  return columns
    .filter(({ table, column }) => {
      // Skips pure ASCII, which is most text: its length in bytes equals that in characters.
      const strange = `"${column}" IS NOT NULL AND length("${column}") <> length(CAST("${column}" AS BLOB))`
      return rows(
        Content,
        `SELECT CAST("${column}" AS BLOB) AS content FROM "${table}" WHERE ${strange}`,
      ).some(({ content }) => !isUtf8(content))
    })
    .map(({ table, column }) => `${column} of ${table} is no text`)
}

const mostProblems = 3

const Bytes = z.instanceof(ArrayBuffer).transform((bytes) => new Uint8Array(bytes))
const SchemaRow = z.object({ name: Bytes, sql: Bytes })
const Integrity = z.object({ integrity_check: z.string() })
const Seq = z.object({ seq: z.number() })
const Column = z.object({ table: z.string(), column: z.string() })
const Content = z.object({ content: Bytes })
