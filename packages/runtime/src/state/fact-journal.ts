import type { PermissionRecord } from '@subagent-mcp/api'
import { agentIdOf, readFact, type DurableFact, type FactHistory, type FactJournal } from '@subagent-mcp/core'
import type { AuditLine, Journal, NewFact } from '@subagent-mcp/journal'

/** Stores the supervisor's facts in a journal. Logs the first failure, and the next one only after a success. */
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

/** Reads facts from a journal; skips kinds that only a later version knows. */
export function factHistory(journal: Journal): FactHistory {
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

function entryOf(fact: DurableFact): NewFact {
  const { at, type } = fact
  return { at, type, agentId: agentIdOf(fact), body: fact }
}

function lineOf(record: PermissionRecord): AuditLine {
  const { at, agentId, event, through } = record
  // Most calls are allowed by the policy, and these lines are the least worth keeping.
  return { at, agentId, routine: event === 'allowed' && through === 'policy', body: record }
}
