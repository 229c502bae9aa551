import type { AccountLimit, PoolLoad } from '@subagent-mcp/contract'
import { mostRestricted, type Authority } from '@subagent-mcp/permissions'
import { Map as ImmutableMap, OrderedMap, Set as ImmutableSet } from 'immutable'
import type { Agent } from '../agent/agent.js'
import type { SupervisorLimits } from '../capacity/limits.js'
import { emptyLoad, type MachineState } from '../capacity/machine.js'

/** All agents, the connected callers, and what decides which agent may begin. */
export type AgentsState = {
  /** The agents in launch order, by id. An immutable map, because copying a thousand for every fact would be slow. */
  agents: OrderedMap<string, Agent>
  /** The agents that have not ended. */
  open: OrderedMap<string, Agent>
  callers: ImmutableMap<string, CallerState>
  /** The ids of tasks whose launching call is still open. Waits do not report these tasks. */
  calls: ImmutableSet<string>
  accountLimits: AccountLimits
  /** Agents that wait for room, longest waiting first. */
  queue: readonly string[]
  /** No further turn may begin, because the supervisor drains. */
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
  authority: Authority
  /** The process of the calling agent, if the caller is an agent. */
  process?: ChildProcess
  /** The folder of a calling agent. It can grant nothing outside of this folder. */
  folder?: string
  terminal?: true
  /** A person is believed to use this caller's connection. */
  attended?: true
}

/** The connected caller, or one without any rights for a caller that is gone. */
export function callerOf({ callers }: AgentsState, caller: string, project: string): CallerState {
  return callers.get(caller) ?? { project, depth: Infinity, authority: mostRestricted }
}

/** The load of a pool that has no sessions. */
export const emptyPoolLoad: PoolLoad = {
  ...{ idle: {}, resetting: {}, processes: 0 },
  ...{ joinable: [], retirable: false, ending: 0 },
}

export function emptyAgentsState(limits: SupervisorLimits, shared: ReadonlySet<string>): AgentsState {
  return {
    agents: OrderedMap(),
    open: OrderedMap(),
    callers: ImmutableMap(),
    calls: ImmutableSet(),
    accountLimits: new Map(),
    queue: [],
    draining: false,
    machine: { freeMemory: Infinity, others: emptyLoad },
    pool: emptyPoolLoad,
    limits,
    shared,
  }
}

/**
 * The number of the newest report that this caller needs no more; 0 without one. Reports that a disconnected caller
 * has received count as received by all, because the same people read them; except for the agent's connected
 * launcher.
 */
export function newestDeliveredReport(
  { callers }: AgentsState,
  caller: string,
  { delivered, profile }: Agent,
): number {
  const own = delivered[caller] ?? 0
  if (profile.caller === caller) return own
  const ofThoseGone = Object.entries(delivered).filter(([receiver]) => !callers.has(receiver))
  return Math.max(own, ...ofThoseGone.map(([, upTo]) => upTo))
}
