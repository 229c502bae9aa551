import { formatOf } from './migrations.js'
import { lookInto } from './read-only.js'
import { newestRecords, type AuditLine, type AuditQuery } from './records.js'
import { asIoFailure } from './store.js'

/**
 * The audit log of a file that need not be open, oldest first; empty without one. @throws SubagentError `io-failed`
 */
export function readRecords(path: string, query: AuditQuery): AuditLine[] {
  return asIoFailure(`the journal ${path}`, () => {
    const found = lookInto(path, (rows) => (formatOf(rows) < recordsSince ? [] : newestRecords(rows, query)))
    return found ?? []
  })
}

/** The first format with an audit log. */
const recordsSince = 2
