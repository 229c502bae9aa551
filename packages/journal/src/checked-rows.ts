import { z } from 'zod'
import { computeRowChecksum, createRowChecksumTextSql } from './row-checksum.js'
import { getIoErrorCode } from './io-failure.js'
import type { SqliteStore } from './sqlite-store.js'

/** The columns of a table that a checksum covers, and an SQL expression whose value is read with each row. */
export type CheckedTable = { table: string; columns: readonly string[]; extra?: string }

/** A row of a table with a checksum. `content` has the columns that the checksum covers, with a line break between them. */
export type CheckedRow = { id: number; isDamaged: boolean; content: Buffer; extra: unknown }

/**
 * Reads all rows of a table in the order of their ids. SQLite joins many rows to one, because libsql takes longer to return a row than
 * to read it. No column of the result is text, because damaged text would end the process.
 */
export function* readCheckedRows(
  rows: SqliteStore['rows'],
  { table, columns, extra = 'NULL' }: CheckedTable,
): Iterable<CheckedRow> {
  const page = `SELECT rowid AS id, checksum, ${createRowChecksumTextSql(columns)} AS content, ${extra} AS extra
    FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ?`
  const list = (value: string): string => `CAST(json_group_array(${value}) AS BLOB)`
  const joined = `SELECT ${list('id')} AS ids, ${list('checksum')} AS checksums, ${list('extra')} AS extras,
    ${list('length(content)')} AS lengths, CAST(group_concat(content, '') AS BLOB) AS contents FROM (${page})`
  for (let after = 0; ;) {
    const [found] = readJoinedRows(rows, joined, after)
    const last = found?.ids.at(-1)
    if (!found || last === undefined) return
    yield* splitRows(found)
    after = Number(last)
  }
}

function* splitRows({
  ids,
  checksums,
  extras,
  lengths,
  contents,
}: z.infer<typeof JoinedRows>): Iterable<CheckedRow> {
  let start = 0
  for (const [index, id] of ids.entries()) {
    // Only a damaged row has a content that is NULL.
    const length = lengths[index]
    const content = contents.subarray(start, (start += Number(length)))
    const checksum = checksums[index]
    const isDamaged = length === null || (checksum !== null && checksum !== computeRowChecksum(content))
    yield { id: Number(id), isDamaged, content, extra: extras[index] }
  }
}

/** Reads the next rows, or only one where SQLite refuses to join them because they have more than 1 GB. */
function readJoinedRows(
  rows: SqliteStore['rows'],
  joined: string,
  after: number,
): z.infer<typeof JoinedRows>[] {
  try {
    return rows(JoinedRows, joined, after, joinedRows)
  } catch (cause) {
    if (getIoErrorCode(cause) !== 'SQLITE_TOOBIG') throw cause
    return rows(JoinedRows, joined, after, 1)
  }
}

/** The most rows that are joined to one. */
const joinedRows = 500

const Bytes = z.instanceof(ArrayBuffer).transform((bytes) => Buffer.from(bytes))
/** A JSON list in a blob. Its items are not parsed, because that takes as long as the reading of the rows. */
const JsonList = Bytes.transform((bytes): unknown => JSON.parse(bytes.toString())).pipe(
  z.custom<readonly unknown[]>(Array.isArray),
)
const JoinedRows = z.object({
  ids: JsonList,
  checksums: JsonList,
  extras: JsonList,
  lengths: JsonList,
  contents: Bytes.nullable().transform((bytes) => bytes ?? Buffer.alloc(0)),
})
