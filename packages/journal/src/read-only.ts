import Database from 'libsql'
import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Store } from './store.js'

/**
 * Looks into a journal, also one that a daemon has open; changes nothing in it. `undefined` where there is none. Throws
 * what SQLite throws.
 */
export function lookInto<Seen>(path: string, look: (rows: Store['rows']) => Seen): Seen | undefined {
  // SQLite takes an empty file for a database that is still to come.
  if (isEmpty(path)) return undefined
  const database = new Database(readOnly(path), { timeout: longestWait })
  try {
    return look((schema, sql, ...values) => z.array(schema).parse(database.prepare(sql).all(...values)))
  } finally {
    database.close()
  }
}

function isEmpty(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || (stats.isFile() && stats.size === 0)
}

/** Reading alone would make the files beside one that nobody has open; `immutable` does not look at them. */
function readOnly(path: string): string {
  const mode = existsSync(`${path}-wal`) ? 'mode=ro' : 'immutable=1'
  return `${pathToFileURL(path).href}?${mode}`
}

/** For a lock, in milliseconds. */
const longestWait = 5_000
