import { readJournalFormat } from './migrations.js'
import { readJournalFile } from './read-journal-file.js'
import { readNewestAuditLines, type AuditLine, type AuditQuery } from './audit-lines.js'
import { rethrowIoFailures } from './sqlite-store.js'

/**
 * The audit log of a file that need not be open, oldest first; empty without one. @throws SubagentError `io-failed`
 */
export function readJournalAuditLog(path: string, query: AuditQuery): AuditLine[] {
  return rethrowIoFailures(`the journal ${path}`, () => {
    const found = readJournalFile(path, (rows) =>
      readJournalFormat(rows) < recordsSince ? [] : readNewestAuditLines(rows, query),
    )
    return found ?? []
  })
}

/** The first format of the journal that has an audit log. */
const recordsSince = 2
