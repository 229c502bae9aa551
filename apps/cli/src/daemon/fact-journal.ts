import { agentOf, readFact, type DurableFact, type FactJournal } from '@subagent-mcp/core'
import type { DaemonPort } from '@subagent-mcp/daemon'
import type { Journal, NewEntry } from '@subagent-mcp/journal'

/** The supervisor's facts in the journal. What cannot be kept is logged once, until something can be again. */
export function factJournal(journal: Journal, log: (line: string) => void): FactJournal {
  let isFailing = false
  return {
    append: (facts) => {
      const seq = journal.append(facts.map(entryOf))
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

function entryOf(fact: DurableFact): NewEntry {
  const { at, type } = fact
  return { at, type, agentId: agentOf(fact), body: fact }
}
