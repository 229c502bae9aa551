import Database from 'libsql'
import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { SqliteStore } from './sqlite-store.js'

/** Reads a journal without changing it, also one in use; `undefined` for a missing or empty file. */
export function readJournalFile<Seen>(
  path: string,
  look: (rows: SqliteStore['rows']) => Seen,
): Seen | undefined {
  // SQLite takes an empty file for a new database.
  if (isEmpty(path)) return undefined
  const database = new Database(readOnly(path), { timeout: longestWait })
  const prepared = new Map<string, Database.Statement>()
  try {
    return look((schema, sql, ...values) => {
      const statement = prepared.get(sql) ?? database.prepare(sql)
      prepared.set(sql, statement)
      return statement.all(values).map((row) => schema.parse(row))
    })
  } finally {
    database.close()
  }
}

function isEmpty(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || (stats.isFile() && stats.size === 0)
}

/** The SQLite URI that reads a journal: with `immutable` if it is closed, so that no files are created beside it. */
function readOnly(path: string): string {
  const mode = existsSync(`${path}-wal`) ? 'mode=ro' : 'immutable=1'
  return `${pathToFileURL(path).href}?${mode}`
}

/** The milliseconds that a read waits for a lock. */
const longestWait = 5_000
