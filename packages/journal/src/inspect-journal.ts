import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { rowChecksum, rowChecksumTextSql } from './checksum.js'
import { lastFactNumber } from './facts.js'
import { isDatabaseDamageError } from './io-failure.js'
import { firstChecksumFormat, journalFormatOf, newestJournalFormat, journalSchemaOf } from './migrations.js'
import { ownerColumns } from './owners.js'
import { readJournalFile } from './read-journal-file.js'
import { withIoFailures, type Store } from './store.js'

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

/** Checks a journal before it is opened; does not check files of a newer format. @throws SubagentError `io-failed` */
export function examineJournal(path: string): JournalExamination {
  return withIoFailures(`the journal ${path}`, () => {
    try {
      return readJournalFile(path, examine) ?? { type: 'absent' }
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

type Rows = Store['rows']

function examine(rows: Rows): JournalExamination {
  const format = journalFormatOf(rows)
  if (format > newestJournalFormat) return { type: 'newer' }
  // Names first, because SQLite's own check would return damaged names as text.
  const problems = [...shapeProblems(rows, format)]
  if (problems.length === 0) problems.push(...integrityProblems(rows))
  if (problems.length === 0) problems.push(...factProblems(rows, format), ...textProblems(rows))
  if (problems.length > 0) return { type: 'damaged', problems: problems.slice(0, mostProblems) }
  return { type: 'sound', ...lastNumbers(rows) }
}

function lastNumbers(rows: Rows): { facts: number; messages: number } {
  const counters = "SELECT 0 AS seq FROM sqlite_schema WHERE name = 'sqlite_sequence'"
  if (rows(Seq, counters).length === 0) return { facts: 0, messages: 0 }
  return { facts: lastFactNumber({ rows }), messages: lastMessageNumber(rows) }
}

/** The number of the last mailbox message ever written, if the mailbox has its tables in the journal. */
export function lastMessageNumber(rows: Rows): number {
  return rows(Seq, "SELECT seq FROM sqlite_sequence WHERE name = 'mailMessages'")[0]?.seq ?? 0
}

/** Problems of the journal's tables and indexes: differences from those of the file's format. */
function shapeProblems(rows: Rows, format: number): string[] {
  const schema = `SELECT ${rowChecksumTextSql(['name'])} AS name, ${rowChecksumTextSql(['sql'])} AS sql FROM sqlite_schema WHERE sql IS NOT NULL`
  const found = new Map<string, string>()
  for (const { name, sql } of rows(SchemaRow, schema)) {
    if (!isUtf8(name) || !isUtf8(sql)) return ['a name in it is no text']
    found.set(Buffer.from(name).toString(), Buffer.from(sql).toString())
  }
  const strange = [...journalSchemaOf(format)].filter(
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
  if ((last?.seq ?? 0) > lastFactNumber({ rows })) return ['its counter of facts is behind']
  if (format < firstChecksumFormat) return []
  const content = rowChecksumTextSql(['at', 'type', 'agentId', 'body'])
  const damaged = damagedRows(rows, `SELECT seq, checksum, ${content} AS content FROM facts`)
  const owners = `SELECT rowid AS seq, checksum, ${rowChecksumTextSql(ownerColumns)} AS content FROM owners`
  return [
    ...(damaged === 0 ? [] : [`${damaged} facts are not what was written`]),
    ...(damagedRows(rows, owners) === 0 ? [] : ['a daemon in it is not the one that was written']),
  ]
}

/** Counts rows with a wrong checksum. Rows of older daemons have none. */
function damagedRows(rows: Rows, select: string): number {
  let damaged = 0
  for (let after = 0; ;) {
    const page = rows(
      Checked,
      `SELECT * FROM (${select}) WHERE seq > ? ORDER BY seq LIMIT ${pageRows}`,
      after,
    )
    damaged += page.filter(
      ({ checksum, content }) => checksum !== null && checksum !== rowChecksum(content),
    ).length
    const last = page.at(-1)
    if (last === undefined) return damaged
    after = last.seq
  }
}

/** The tables of a journal that have text which is not valid UTF-8. Such text could not be read. */
function textProblems(rows: Rows): string[] {
  const columns = rows(
    Column,
    `SELECT tables.name AS "table", columns.name AS "column" FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
     WHERE tables.type = 'table' AND tables.name NOT IN ('facts', 'sqlite_sequence') AND columns.type = 'TEXT'`,
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
const pageRows = 500

const Bytes = z.instanceof(ArrayBuffer).transform((bytes) => new Uint8Array(bytes))
const SchemaRow = z.object({ name: Bytes, sql: Bytes })
const Integrity = z.object({ integrity_check: z.string() })
const Seq = z.object({ seq: z.number() })
const Checked = z.object({ seq: z.number(), checksum: z.number().nullable(), content: Bytes })
const Column = z.object({ table: z.string(), column: z.string() })
const Content = z.object({ content: Bytes })
