import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  getFactAgentId,
  parseJournaledFact,
  type DurableFact,
  type JournaledFactReader,
  type FactJournal,
} from '@subagent-mcp/core'
import {
  damagedFactType,
  type AuditLine,
  type Journal,
  type NewFact,
  type StoredFact,
} from '@subagent-mcp/journal'

/** Stores the supervisor's facts in a journal. Of consecutive failures only the first is logged. */
export function storeFactsInJournal(
  journal: Pick<Journal, 'append' | 'forget' | 'factsOf'>,
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
    factsOf: (agentId, order) => knownFacts(journal.factsOf(agentId, order)),
    onProblem: ({ message }) => {
      if (!isFailing) log(`the journal does not keep what happens: ${message}`)
      isFailing = true
    },
  }
}

/** Reads facts from a journal. Skips facts of kinds that only a later version knows. */
export function readFactsFromJournal(journal: Journal): JournaledFactReader {
  return {
    lastSeq: journal.lastSeq,
    read: (query) => {
      const entries = journal.read(query)
      const facts = entries.flatMap(({ seq, body }) => {
        const fact = parseJournaledFact(body)
        return fact ? [{ seq, fact }] : []
      })
      return { facts, next: entries.length === query.limit ? entries.at(-1)?.seq : undefined }
    },
  }
}

/** The facts of journal entries, without kinds that only a later version knows. @throws SubagentError `io-failed` at damage */
function* knownFacts(entries: Iterable<StoredFact>): Iterable<DurableFact> {
  for (const { seq, type, body } of entries) {
    // It may be the one that is looked for, or one that replaces it.
    if (type === damagedFactType)
      throw new SubagentError('io-failed', `fact ${seq} of the journal is damaged`, {
        hint: 'the next daemon sets the file aside and continues with what can be read: subagent-mcp daemon restart',
      })
    const fact = parseJournaledFact(body)
    if (fact) yield fact
  }
}

function entryOf(fact: DurableFact): NewFact {
  const { at, type } = fact
  return { at, type, agentId: getFactAgentId(fact), body: fact }
}

function lineOf(record: PermissionAuditRecord): AuditLine {
  const { at, agentId, event, through } = record
  // Calls that the policy allowed are `routine`: they are the most frequent lines, and are deleted first.
  return { at, agentId, routine: event === 'allowed' && through === 'policy', body: record }
}
