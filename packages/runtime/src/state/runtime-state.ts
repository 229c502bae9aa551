import type { PermissionAuditRecord } from '@subagent-mcp/api'
import {
  createMemoryJournal,
  type JournaledFactReader,
  type FactJournal,
  type MachinePort,
  type Supervisor,
} from '@subagent-mcp/core'
import {
  openMemoryUsageTable,
  openSearchIndex,
  type SearchIndex,
  type UsageTable,
} from '@subagent-mcp/journal'
import type { AutomaticTurnCount } from '@subagent-mcp/mcp-server'
import { createLazyResource } from './lazy-resource.js'

/** The storage of a runtime's agents: in memory, or in a folder (see `openState`). */
export type RuntimeState = {
  journal: FactJournal
  history: JournaledFactReader
  /** The newest `limit` lines of the audit log, oldest first. */
  records(query: { agentId?: string; limit: number }): readonly PermissionAuditRecord[]
  size(): { path: string; bytes: number }
  /** What turns have used, also those of deleted agents. */
  usage: UsageTable
  /** The index of texts for the search, which is opened by the first call. @throws SubagentError `io-failed` */
  searchIndex(): SearchIndex
  /** Whether an agent has this id, in this runtime or in another that uses the same state. */
  hasAgent(id: string): boolean
  /** The folder in which long answers are saved; without it an answer that is too long for its caller is only cut. */
  answersFolder?: string
  /** Measures the load of this machine. Default: the runtime counts as the only one on the machine. */
  machine?: MachinePort
  /**
   * Takes over the agents of runtimes that died with this state open, and kills the processes that they left. When the function
   * returns, the agents are known; when its promise resolves, the processes are gone. Never rejects.
   */
  recover(supervisor: Supervisor): Promise<void>
  /** The most turns in a row of an agent or a host session that only notices started. Default: 10. */
  maxWakes?: number
  /** Returns the count of turns that no person typed in the host that is one of these processes. */
  untypedTurns?: (processes: readonly number[]) => AutomaticTurnCount
  /** Keeps the file with unread reports for the hooks of hosts up to date, until the returned function is called. */
  keepHints?: (supervisor: Supervisor) => () => void
  /** Keeps what makes the next start fast, until the returned function is called. */
  keepSnapshots?: (supervisor: Supervisor) => () => void
  /** Deletes agents that ended too long ago, or that make the state too large, and returns their ids. */
  forgetOld(rules: AgentRetentionLimits & { removable: (agentId: string) => boolean }): readonly string[]
  close(): void
}

/** The limits for ended agents: `endedBefore` (Unix milliseconds) and `maxBytes` of the state, above which the oldest are deleted. */
export type AgentRetentionLimits = { endedBefore: number; maxBytes: number }

/** Creates a state in memory, which is lost when its process ends. It deletes no agent by itself. */
export function createInMemoryState(): RuntimeState {
  const journal = createMemoryJournal()
  const usage = openMemoryUsageTable()
  const search = createLazyResource(openSearchIndex)
  return {
    ...{ journal, usage, searchIndex: search.open },
    history: journal.history,
    records: journal.records,
    size: () => ({ path: ':memory:', bytes: 0 }),
    hasAgent: () => false,
    recover: () => Promise.resolve(),
    forgetOld: () => [],
    close: () => {
      usage.close()
      search.close()
    },
  }
}
