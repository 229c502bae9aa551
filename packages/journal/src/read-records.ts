import { formatOf } from './migrations.js'
import { lookInto } from './read-only.js'
import { newestRecords, type AuditLine, type AuditQuery } from './records.js'
import { asIoFailure } from './store.js'

/**
 * The audit log of a journal that need not be open, oldest first; changes nothing in it. Empty where there is no file, or
 * one of an older version.
 * @throws SubagentError `io-failed` for a file that cannot be read
 */
export function readRecords(path: string, query: AuditQuery): AuditLine[] {
  return asIoFailure(`the journal ${path}`, () => {
    const found = lookInto(path, (rows) => (formatOf(rows) < recordsSince ? [] : newestRecords(rows, query)))
    return found ?? []
  })
}

/** The first format with an audit log. */
const recordsSince = 2
