import { z } from 'zod'
import { codeOf } from './io-failure.js'
import { lookInto } from './read-only.js'
import { guard } from './store.js'

/** What SQLite's own check of a journal says. */
export type Inspected =
  | { type: 'absent' }
  | { type: 'sound' }
  | { type: 'damaged'; problems: readonly string[] }

/**
 * Checks a journal, also one that a daemon has open; changes nothing in it. It blocks for a moment for each megabyte.
 * @throws SubagentError `io-failed` for a file that cannot be looked at
 */
export function inspectJournal(path: string): Inspected {
  return guard(`the journal ${path}`, () => inspect(path))
}

function inspect(path: string): Inspected {
  try {
    const problems = lookInto(path, (rows) =>
      rows(Row, `PRAGMA integrity_check(${mostProblems})`)
        .map((row) => row.integrity_check)
        .filter((problem) => problem !== 'ok'),
    )
    if (problems === undefined) return { type: 'absent' }
    return problems.length === 0 ? { type: 'sound' } : { type: 'damaged', problems }
  } catch (cause) {
    if (!/^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(cause))) throw cause
    return { type: 'damaged', problems: [cause instanceof Error ? cause.message : String(cause)] }
  }
}

const mostProblems = 3

const Row = z.object({ integrity_check: z.string() })
