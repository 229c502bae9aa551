import Database from 'libsql'
import { existsSync, statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { codeOf } from './io-failure.js'
import { guard } from './store.js'

/** What SQLite's own check of a journal says. */
export type Inspected =
  { type: 'absent' } | { type: 'sound' } | { type: 'damaged'; problems: readonly string[] }

/**
 * Checks a journal, also one that a daemon has open; changes nothing in it. It blocks for a moment for each megabyte.
 * @throws SubagentError `io-failed` for a file that cannot be looked at
 */
export function inspectJournal(path: string): Inspected {
  // SQLite takes an empty file for a database that is still to come.
  return guard(path, () => (isEmpty(path) ? { type: 'absent' } : inspect(path)))
}

function isEmpty(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || (stats.isFile() && stats.size === 0)
}

function inspect(path: string): Inspected {
  try {
    const problems = problemsOf(path)
    return problems.length === 0 ? { type: 'sound' } : { type: 'damaged', problems }
  } catch (cause) {
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(cause))) throw cause
    return { type: 'damaged', problems: [cause instanceof Error ? cause.message : String(cause)] }
  }
}

function problemsOf(path: string): string[] {
  const database = new Database(readOnly(path), { timeout: longestWait })
  try {
    const rows = Rows.parse(database.prepare(`PRAGMA integrity_check(${mostProblems})`).all())
    return rows.map((row) => row.integrity_check).filter((problem) => problem !== 'ok')
  } finally {
    database.close()
  }
}

/** Reading alone would make the files beside one that nobody has open; `immutable` does not look at them. */
function readOnly(path: string): string {
  const mode = existsSync(`${path}-wal`) ? 'mode=ro' : 'immutable=1'
  return `${pathToFileURL(path).href}?${mode}`
}

/** For a lock, in milliseconds. */
const longestWait = 5_000
const mostProblems = 3

const Rows = z.array(z.object({ integrity_check: z.string() }))
