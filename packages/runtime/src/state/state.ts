import type { PermissionRecord } from '@subagent-mcp/api'
import {
  createMemoryJournal,
  type FactHistory,
  type FactJournal,
  type MachinePort,
  type Supervisor,
} from '@subagent-mcp/core'
import type { UntypedTurns } from '@subagent-mcp/mcp-server'

/** The storage of a runtime's agents: in memory, or in a folder (see `openState`). */
export type RuntimeState = {
  journal: FactJournal
  history: FactHistory
  /** The newest `limit` lines of the audit log, oldest first. */
  records(query: { agentId?: string; limit: number }): readonly PermissionRecord[]
  size(): { path: string; bytes: number }
  /** Whether an agent has this id, in this runtime or in another that uses the same state. */
  hasAgent(id: string): boolean
  /** The folder in which long answers are saved; without it an answer that is too long for its caller is only cut. */
  answersFolder?: string
  /** The load of this machine. Without it the runtime counts as the only one. */
  machine?: MachinePort
  /**
   * Takes over the agents of runtimes that died with this state open, and kills the processes that they left. The agents
   * are known when it returns, the processes are gone when it resolves. Never rejects.
   */
  recover(supervisor: Supervisor): Promise<void>
  /** How many turns in a row an agent or a host session may have that nobody asked for. Default: 10. */
  maxWakes?: number
  /** The turns that no person typed, of the host that is one of these processes. */
  untypedTurns?: (processes: readonly number[]) => UntypedTurns
  /** Tells the hooks of hosts of waiting reports, until the returned function is called. */
  keepHints?: (supervisor: Supervisor) => () => void
  /** Deletes agents that ended too long ago, or that make the state too large, and returns their ids. */
  forgetOld(rules: RetentionRules & { removable: (agentId: string) => boolean }): readonly string[]
  close(): void
}

/** The agents that may be deleted: those that ended before a time (Unix milliseconds), and the oldest ones above a size. */
export type RetentionRules = { endedBefore: number; maxBytes: number }

/** Creates a state in memory, which ends with its process. It deletes no agent by itself. */
export function inMemoryState(): RuntimeState {
  const journal = createMemoryJournal()
  return {
    journal,
    history: journal.history,
    records: journal.records,
    size: () => ({ path: ':memory:', bytes: 0 }),
    hasAgent: () => false,
    recover: () => Promise.resolve(),
    forgetOld: () => [],
    close: () => undefined,
  }
}
