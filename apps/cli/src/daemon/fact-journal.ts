import type { PermissionRecord } from '@subagent-mcp/api'
import { agentOf, readFact, type DurableFact, type FactJournal } from '@subagent-mcp/core'
import type { DaemonPort } from '@subagent-mcp/daemon'
import type { AuditLine, Journal, NewEntry } from '@subagent-mcp/journal'

/** The supervisor's facts in the journal. What cannot be kept is logged once, until something can be again. */
export function factJournal(
  journal: Pick<Journal, 'append' | 'forget'>,
  log: (line: string) => void,
): FactJournal {
  let isFailing = false
  return {
    append: (facts, records) => {
      const seq = journal.append(facts.map(entryOf), records.map(lineOf))
      isFailing = false
      return seq
    },
    forget: journal.forget,
    onProblem: ({ message }) => {
      if (!isFailing) log(`the journal does not keep what happens: ${message}`)
      isFailing = true
    },
  }
}

/** The facts of the journal for whoever reads them later; kinds of a later version are left out. */
export function factHistory(journal: Journal): DaemonPort['history'] {
  return {
    lastSeq: journal.lastSeq,
    read: (query) => {
      const entries = journal.read(query)
      const facts = entries.flatMap(({ seq, body }) => {
        const fact = readFact(body)
        return fact ? [{ seq, fact }] : []
      })
      return { facts, next: entries.length === query.limit ? entries.at(-1)?.seq : undefined }
    },
  }
}

/** The lines of the audit log as they were written. No more is checked than of facts: the journal is written by us alone. */
export function permissionRecords(lines: readonly AuditLine[]): PermissionRecord[] {
  return lines.flatMap(({ body }) => (isRecord(body) ? [body] : []))
}

function isRecord(body: unknown): body is PermissionRecord {
  return typeof body === 'object' && body !== null && 'requestId' in body && 'event' in body
}

function entryOf(fact: DurableFact): NewEntry {
  const { at, type } = fact
  return { at, type, agentId: agentOf(fact), body: fact }
}

function lineOf(record: PermissionRecord): AuditLine {
  const { at, agentId, event, through } = record
  // What the policy lets pass is most of what is asked, and the least worth knowing.
  return { at, agentId, routine: event === 'allowed' && through === 'policy', body: record }
}
