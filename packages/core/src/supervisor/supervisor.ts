import type { Clock, Driver, PermissionPreset, SessionSpec } from '@subagent-mcp/contract'
import type { RoutingTable } from '@subagent-mcp/routing'
import type { SupervisorLimits } from '../capacity/limits.js'
import type { Load, MachineState } from '../capacity/machine.js'
import type { FactJournal } from '../journal/fact-writer.js'
import type { Judge } from '../questions/ruling.js'
import type { UserPrompts } from '../questions/user-prompts.js'
import type { AgentsState } from '../state/agents-state.js'
import type { Fact } from '../state/fact.js'

/** The life of all agents: facts go in, everybody reads the state. */
export type Supervisor = {
  /** The state as it is now. It is replaced, never changed. */
  fleet(): AgentsState
  /** @throws SubagentError `io-failed` for an order that cannot be journaled: then it has not happened. */
  dispatch(fact: Fact): void
  /** Takes over the agents of supervisors that are dead, from their facts; those that were open are recovered. */
  adopt(history: Iterable<Fact>): void
  /** Looks at the machine, as what there is room for depends on it. */
  measure(): void
  /** Writes what is only in memory yet: text that is being written. */
  flush(): void
  /**
   * Calls `listener` after every fact, with its number where it was journaled, until the returned function is
   * called. It must neither throw nor dispatch.
   */
  subscribe(listener: FactListener): () => void
  /** Lets the user of a caller be asked, until the returned function is called. */
  addPromptHandler: UserPrompts['addHandler']
  judge: Judge
  /** Of launches that do not say. */
  defaultPermissions: PermissionPreset
  /** What becomes of questions that nobody answers in time; by default they stay open where a person launched the agent. */
  unanswered?: 'park' | 'deny'
  drivers: ReadonlyMap<string, Driver>
  environmentOf: (caller: string) => SessionSpec['environment']
  /** The table that holds in a project, as it is now. @throws SubagentError `config-invalid` */
  routingOf: (project: string) => RoutingTable
  clock: Clock
  ids: Ids
}

/** Hears of every fact. `seq` is its number in the journal, for those that are durable. */
export type FactListener = (fact: Fact, seq: number | undefined) => void

/** Where ids come from. */
export type Ids = {
  /** Short, for models to repeat. */
  agent(): string
  /** A UUID. */
  message(): string
}

/** What a supervisor asks of the machine, and tells the other supervisors on it. */
export type MachinePort = { measure(): MachineState; publish(load: Load): void }

/** What a supervisor asks of the pool that stands before its drivers. */
export type PoolPort = {
  /** Ends the process that has been idle longest. */
  retireLongestIdle(): void
}

/** The parts of a supervisor. Only the drivers are required; each other part has a default. */
export type SupervisorOptions = {
  /** One driver for each provider. */
  drivers: readonly Driver[]
  /** Provides the environment for the sessions of a caller's agents. Default: the environment of this process. */
  environmentOf?: Supervisor['environmentOf']
  /** Default: the table of `@subagent-mcp/routing` for every project. */
  routingOf?: Supervisor['routingOf']
  /** Default: the system's clock. */
  clock?: Clock
  /** Default: random ids. */
  ids?: Ids
  /** Default: checks calls against the authority of their agents and the files on disk. */
  judge?: Judge
  /** The permissions of launches that set none. Default: `ask`. */
  defaultPermissions?: PermissionPreset
  unanswered?: Supervisor['unanswered']
  /** Limits that are left out are infinite; only hosts may launch. */
  limits?: Partial<SupervisorLimits>
  /** Default: a journal in memory. */
  journal?: FactJournal
  /** Default: the free memory of this machine, on which no other supervisor runs. */
  machine?: MachinePort
  pool?: PoolPort
}
