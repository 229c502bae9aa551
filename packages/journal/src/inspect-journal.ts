import Database from 'libsql'
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { guard } from './store.js'

/** What SQLite's own check of a journal says. */
export type Inspected =
  { type: 'absent' } | { type: 'sound' } | { type: 'damaged'; problems: readonly string[] }

/**
 * Checks a journal, also one that a daemon has open; makes none and brings none to another format. It takes a moment
 * for each megabyte.
 * @throws SubagentError `io-failed` for what cannot be opened as a database at all
 */
export function inspectJournal(path: string): Inspected {
  if (!existsSync(path)) return { type: 'absent' }
  return guard(path, () => {
    const database = new Database(path, { timeout: longestWait })
    try {
      const rows = Rows.parse(database.prepare(`PRAGMA integrity_check(${mostProblems})`).all())
      const problems = rows.map((row) => row.integrity_check).filter((problem) => problem !== 'ok')
      return problems.length === 0 ? { type: 'sound' } : { type: 'damaged', problems }
    } finally {
      database.close()
    }
  })
}

/** For a lock, in milliseconds. */
const longestWait = 5_000
const mostProblems = 3

const Rows = z.array(z.object({ integrity_check: z.string() }))
