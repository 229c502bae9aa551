import type { AccountLimit, PoolLoad } from '@subagent-mcp/contract'
import { strictestCallerPermissions, type CallerPermissions } from '@subagent-mcp/permissions'
import { Map as ImmutableMap, OrderedMap, Set as ImmutableSet } from 'immutable'
import type { Agent } from '../agent/agent.js'
import type { DeletedAgentTurns } from '../budget/spent-budget.js'
import type { SupervisorLimits } from '../capacity/supervisor-limits.js'
import { emptySupervisorLoad, type MachineState } from '../capacity/machine-state.js'
import type { OpenWait, OpenWaits } from './open-waits.js'

/** All agents, the connected callers, and the load, limits and queue that decide which agent may begin. */
export type AgentsState = {
  /** The agents in launch order, by id. An immutable map, because copying a thousand for every fact would be slow. */
  agents: OrderedMap<string, Agent>
  /** The agents that have not ended. */
  open: OrderedMap<string, Agent>
  /**
   * All agents but those that have ended and of which nobody has to hear any more. Waits and notices look at these, because there may be
   * ten thousand others.
   */
  unsettled: OrderedMap<string, Agent>
  /** The deleted agents whose turns still count for budgets, oldest first. */
  deleted: OrderedMap<string, DeletedAgentTurns>
  callers: ImmutableMap<string, CallerState>
  /** The ids of tasks whose launching call is still open. Waits do not report these tasks. */
  calls: ImmutableSet<string>
  /**
   * The agents whose newest reports were described to a caller without a text that the journal could not read, each with the number of
   * its newest report then. Not journaled, because the next daemon repairs the journal.
   */
  unreadable: ImmutableMap<string, number>
  /** The open waits of callers, by id, the oldest first. */
  waits: OpenWaits
  accountLimits: AccountLimits
  /** Agents that wait for room, longest waiting first. */
  queue: readonly string[]
  /** The supervisor drains: no further turn may begin. */
  draining: boolean
  machine: MachineState
  pool: PoolLoad
  limits: SupervisorLimits
  /** The ids of providers whose sessions share one process. */
  shared: ReadonlySet<string>
}

/** The account limits that sessions reported, by provider and by name. A limit that was not reported is unknown. */
export type AccountLimits = ReadonlyMap<string, ReadonlyMap<string, AccountLimit>>

/** A process that a driver started, with the `mark` in its environment. `pid` may be unknown. */
export type ChildProcess = { mark: string; pid?: number }

/** A connected caller: its project, its nesting depth (0 for hosts) and the most authority that it can grant. */
export type CallerState = {
  project: string
  depth: number
  authority: CallerPermissions
  /** The process of the calling agent, if the caller is an agent. */
  process?: ChildProcess
  /** The folder of a calling agent. It can grant nothing outside of this folder. */
  folder?: string
  terminal?: true
  /** Set for a worker. Only the worker starts turns of the agents that it launched. */
  worker?: true
  /** The provider whose models the calling host runs on, if that is known. */
  vendor?: string
  /** Whether a person probably uses this caller's connection. */
  attended?: true
  /** For a host: the ids of the processes above its connection, its own among them, the nearest first. */
  hostProcesses?: readonly number[]
  /** For a host that names its turns: the turn of its last tool call. */
  turn?: HostTurn
  /** How many turns were started for this host's session since a person last typed. */
  wakes?: number
}

/** A turn of a host's session, with the host's own ids. */
export type HostTurn = {
  thread: string
  id: string
  /** Whether a person typed the prompt of this turn. */
  isTyped: boolean
}

/** The state of a connected caller; for a disconnected one a state without any rights. */
export function getCallerState({ callers }: AgentsState, caller: string, project: string): CallerState {
  return callers.get(caller) ?? { project, depth: Infinity, authority: strictestCallerPermissions }
}

/** The load of a pool that has no sessions. */
export const emptyPoolLoad: PoolLoad = {
  ...{ idle: {}, resetting: {}, processes: 0 },
  ...{ joinable: [], retirable: false, ending: 0 },
}

/** Creates the state without agents. The type arguments are written out, because inferring them takes the compiler seconds. */
export function createEmptyAgentsState(limits: SupervisorLimits, shared: ReadonlySet<string>): AgentsState {
  return {
    agents: OrderedMap<string, Agent>(),
    open: OrderedMap<string, Agent>(),
    unsettled: OrderedMap<string, Agent>(),
    deleted: OrderedMap<string, DeletedAgentTurns>(),
    callers: ImmutableMap<string, CallerState>(),
    calls: ImmutableSet<string>(),
    unreadable: ImmutableMap<string, number>(),
    waits: OrderedMap<string, OpenWait>(),
    accountLimits: new Map(),
    queue: [],
    draining: false,
    machine: { freeMemory: Infinity, others: emptySupervisorLoad },
    pool: emptyPoolLoad,
    limits,
    shared,
  }
}

/**
 * The number of the newest report that needs no delivery to this caller, because the caller has received it, or because another
 * wait of the caller is delivering it; 0 if there is no such report. Reports to another caller count, too, once that caller or the
 * agent's launcher is disconnected, because the same person reads them. A connected launcher gets all reports itself.
 */
export function getNewestDeliveredReportNumber(
  { callers, waits }: AgentsState,
  caller: string,
  { delivered, profile }: Agent,
): number {
  const isLeft = !callers.has(profile.caller)
  const counts = (receiver: string): boolean =>
    receiver === caller || (profile.caller !== caller && (isLeft || !callers.has(receiver)))
  const received = Object.entries(delivered).flatMap(([receiver, upTo]) => (counts(receiver) ? [upTo] : []))
  const onTheirWay = [...waits.values()].flatMap(({ caller: receiver, answer }) =>
    counts(receiver) ? [answer?.[profile.id] ?? 0] : [],
  )
  return Math.max(0, ...received, ...onTheirWay)
}

/**
 * The number of the newest report that was sent to this caller, or to a disconnected one, and of which it is not known whether it
 * arrived; 0 if there is no such report.
 */
export function getNewestUnsettledReportNumber(
  { callers }: AgentsState,
  caller: string,
  { offered, delivered }: Agent,
): number {
  const unsettled = Object.entries(offered).filter(
    ([receiver, upTo]) =>
      (receiver === caller || !callers.has(receiver)) && upTo > (delivered[receiver] ?? 0),
  )
  return Math.max(0, ...unsettled.map(([, upTo]) => upTo))
}
