import type { NamedAccount } from '../accounts/named-accounts.js'
import type { Agent } from '../agent/agent.js'
import type { Clock, Driver, PermissionPreset, SessionSpec } from '@subagent-mcp/contract'
import type { RoutingTable } from '@subagent-mcp/routing'
import type { TurnChecker } from '../checks/turn-verdict.js'
import type { SupervisorLimits } from '../capacity/supervisor-limits.js'
import type { SupervisorLoad } from '../capacity/machine-state.js'
import type { FactJournal } from '../journal/fact-writer.js'
import type { TurnTextReader } from '../journal/turn-text.js'
import type { ToolCallJudge } from '../questions/tool-call-ruling.js'
import type { UserPermissionPrompts } from '../questions/user-permission-prompts.js'
import type { AgentsState } from '../state/agents-state.js'
import type { Fact } from '../state/fact.js'

/** The running supervisor: one state for all agents, changed by facts only. */
export type Supervisor = TurnTextReader & {
  /** The current state of all agents. Each fact replaces it; it is never mutated. */
  state(): AgentsState
  /** Journals and applies a fact, then runs its effects. @throws SubagentError if a request cannot be journaled */
  dispatch(fact: Fact): void
  /**
   * Takes over the agents of dead supervisors from their journaled facts, or from snapshots and the facts after them, and recovers
   * those that were open.
   */
  adopt(history: Iterable<Fact>): void
  /** Measures the machine, on which the room for agents depends: the load of other supervisors and, unless `load`, its free memory. */
  measure(what?: 'all' | 'load'): void
  /** Journals streamed text that is still in memory only. */
  flush(): void
  /** Whether every durable fact is in the journal, but for streamed text. After a failed write it is not. */
  isJournaled(): boolean
  /** Calls `listener` after every fact, until the returned function is called. `listener` must neither throw nor dispatch. */
  subscribe(listener: FactListener): () => void
  /** Registers a handler that asks the user of a caller. The returned function removes it. */
  addPromptHandler: UserPermissionPrompts['addHandler']
  /** The policy of tool calls. Default: the authority of the agent, and the files on disk. */
  judge: ToolCallJudge
  /** The permissions of launches that set none. Default: `ask`. */
  defaultPermissions: PermissionPreset
  /** Whether expired questions stay open or are denied. Default: open for agents that a person launched. */
  unanswered?: 'park' | 'deny'
  drivers: ReadonlyMap<string, Driver>
  /** Returns the environment variables for the sessions of a caller's agents. Default: those of this process. */
  environmentOf: (caller: string) => SessionSpec['environment']
  /** The user's named accounts, by name. Default: none. */
  accounts: Readonly<Record<string, NamedAccount>>
  /** Returns the routing table of a project. Default: the shipped table. @throws SubagentError `config-invalid` */
  routingOf: (project: string) => RoutingTable
  /** The clock of this supervisor. Default: the system's clock. */
  clock: Clock
  /** The generators of new ids. Default: random ids. */
  ids: IdGenerators
}

/** Receives every fact; `seq` is its number in the journal, if it is durable. */
export type FactListener = (fact: Fact, seq: number | undefined) => void

/** The generators of ids for agents, messages and others. */
export type IdGenerators = {
  /** Returns a new agent id, short enough for models to repeat. */
  agent(): string
  message(): string
}

/** Measures the machine, and publishes this supervisor's load to the other supervisors on the machine. */
export type MachinePort = {
  /** Returns the free memory in bytes. */
  freeMemory(): number
  /** Returns the load of the other supervisors. */
  others(): SupervisorLoad
  publish(load: SupervisorLoad): void
}

/** The operations of the pool of warm sessions that the supervisor needs. */
export type PoolPort = {
  /** Ends the pooled process that has been idle longest. */
  retireLongestIdle(): void
}

/** The parts of a supervisor. Only the drivers are required. */
export type SupervisorOptions = Partial<Pick<Supervisor, SupervisorOptionName>> & {
  /** The drivers of the CLIs, one for each provider. */
  drivers: readonly Driver[]
  /** The limits of this supervisor; missing ones are infinite, but only hosts may launch. Default: `defaultSupervisorLimits`. */
  limits?: Partial<SupervisorLimits>
  /** The storage of durable facts. Default: a journal in memory. */
  journal?: FactJournal
  /** Measures free memory and the load of other supervisors. Default: this machine's memory, no others. */
  machine?: MachinePort
  pool?: PoolPort
  /** Checks the results of turns, for launches that ask for it. Default: every result passes as `claimed`. */
  checkTurn?: TurnChecker
  /** Called while the first session of an agent is opened. Its first turn waits for it. It must not reject. Default: nothing. */
  beforeSession?: (agent: Pick<Agent, 'profile' | 'actor'>) => Promise<void>
  /** Called when the message of a turn is about to be sent, which waits for the promise. It must not reject. Default: nothing. */
  beforeTurn?: (agentId: string) => Promise<void> | undefined
  /** Finds the MCP servers of sessions that run in this process. Default: each server is a process of its own. */
  findLocalMcpServer?: SessionSpec['findLocalMcpServer']
}

/** The names of the options that callers can read from a running supervisor. */
export type SupervisorOptionName =
  | 'environmentOf'
  | 'accounts'
  | 'routingOf'
  | 'clock'
  | 'ids'
  | 'judge'
  | 'defaultPermissions'
  | 'unanswered'
