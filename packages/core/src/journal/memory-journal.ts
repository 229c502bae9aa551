import { agentIdOf } from '../state/fact.js'
import type { FactJournal } from './fact-writer.js'
import type { DurableFact } from '../state/fact.js'
import type { PermissionRecord } from '@subagent-mcp/api'

/** Facts in the order in which they were journaled, each with its number. */
export type FactHistory = {
  /** The first facts after number `after`, of one agent or of all. Looks at no more than `limit` of them. */
  read(query: { after?: number; agentId?: string; limit: number }): FactPage
  /** The number of the last fact that was ever journaled. */
  lastSeq(): number
}

/** A page of the journal, without facts of kinds that this version does not know. */
export type FactPage = {
  facts: readonly { seq: number; fact: DurableFact }[]
  /** The number after which to read on; `undefined` where the journal ends. */
  next: number | undefined
}

/** A journal without a file: its facts end with the process. */
export type MemoryJournal = FactJournal & {
  history: FactHistory
  /** The newest `limit` lines of the audit log, oldest first. */
  records(query: { agentId?: string; limit: number }): readonly PermissionRecord[]
}

/** The audit log keeps this many lines in memory; older ones are dropped. */
const mostRecords = 10_000

/** Creates an empty journal in memory. */
export function createMemoryJournal(): MemoryJournal {
  let facts: { seq: number; fact: DurableFact }[] = []
  let records: PermissionRecord[] = []
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
      facts = facts.filter(({ fact }) => !forgotten.has(agentIdOf(fact)))
    },
    onProblem: (error) => {
      throw error
    },
    history: {
      lastSeq: () => seq,
      read: ({ after = 0, agentId, limit }) => {
        const isAsked = ({ seq: number, fact }: (typeof facts)[number]): boolean =>
          number > after && (agentId === undefined || agentIdOf(fact) === agentId)
        const page = facts.filter(isAsked).slice(0, limit)
        return { facts: page, next: page.length === limit ? page.at(-1)?.seq : undefined }
      },
    },
    records: ({ agentId, limit }) =>
      records.filter((record) => agentId === undefined || record.agentId === agentId).slice(-limit),
  }
}
