import { getFactAgentId } from '../state/fact.js'
import type { FactJournal } from './fact-writer.js'
import type { DurableFact } from '../state/fact.js'
import type { PermissionAuditRecord } from '@subagent-mcp/api'

/** Reads journaled facts in the order in which they were written. */
export type JournaledFactReader = {
  /** Returns a page of the facts after number `after`, of one agent or all. It looks at `limit` facts at most. */
  read(query: { after?: number; agentId?: string; limit: number }): JournaledFactPage
  /** The number of the newest fact ever journaled. */
  lastSeq(): number
}

/** A part of the journal, without facts of kinds that this version does not know. */
export type JournaledFactPage = {
  facts: readonly { seq: number; fact: DurableFact }[]
  /** The `after` argument that reads the next page; `undefined` at the end of the journal. */
  next: number | undefined
}

/** A journal without a file: its facts are gone when the process ends. */
export type MemoryJournal = FactJournal & {
  history: JournaledFactReader
  /** The newest lines of the audit log, at most `limit`, oldest first. */
  records(query: { agentId?: string; limit: number }): readonly PermissionAuditRecord[]
}

/** The most lines that this audit log keeps; older ones are dropped. */
const mostRecords = 10_000

export function createMemoryJournal(): MemoryJournal {
  let facts: { seq: number; fact: DurableFact }[] = []
  let records: PermissionAuditRecord[] = []
  let seq = 0
  return {
    append: (newFacts, newRecords) => {
      for (const fact of newFacts) facts.push({ seq: (seq += 1), fact })
      records.push(...newRecords)
      if (records.length > mostRecords) records = records.slice(-mostRecords / 2)
      return seq
    },
    forget: (agentIds) => {
      const forgotten = new Set(agentIds)
      facts = facts.filter(({ fact }) => !forgotten.has(getFactAgentId(fact)))
    },
    factsOf: (agentId, order) => {
      const own = facts.map(({ fact }) => fact).filter((fact) => getFactAgentId(fact) === agentId)
      return order === 'oldest-first' ? own : own.reverse()
    },
    onProblem: (error) => {
      throw error
    },
    history: {
      lastSeq: () => seq,
      read: ({ after = 0, agentId, limit }) => {
        const isAsked = ({ seq: number, fact }: (typeof facts)[number]): boolean =>
          number > after && (agentId === undefined || getFactAgentId(fact) === agentId)
        const page = facts.filter(isAsked).slice(0, limit)
        return { facts: page, next: page.length === limit ? page.at(-1)?.seq : undefined }
      },
    },
    records: ({ agentId, limit }) =>
      records.filter((record) => agentId === undefined || record.agentId === agentId).slice(-limit),
  }
}
