import type { AccountLimit, PoolLoad } from '@subagent-mcp/contract'
import { mostRestricted, type Authority } from '@subagent-mcp/permissions'
import { OrderedMap } from 'immutable'
import type { Agent } from '../agent/agent.js'
import type { SupervisorLimits } from '../capacity/limits.js'
import { noLoad, type MachineState } from '../capacity/machine.js'

/** All agents, who asks about them, and what there is room for. */
export type AgentsState = {
  /** In the order of their launch. Persistent: copying a thousand agents for every fact would cost more than the facts. */
  agents: OrderedMap<string, Agent>
  /** Those of them that have not ended: few, where the others are history. */
  open: OrderedMap<string, Agent>
  /** Those that are connected. */
  callers: ReadonlyMap<string, CallerState>
  /** The ids of tasks whose call is open: no wait reports these. */
  calls: ReadonlySet<string>
  accountLimits: AccountLimits
  /** Agents that wait for room, the longest waiting first. */
  queue: readonly string[]
  /** Whether turns may begin. */
  draining: boolean
  machine: MachineState
  pool: PoolLoad
  limits: SupervisorLimits
  /** Providers whose sessions share a process. */
  shared: ReadonlySet<string>
}

/** The account limits that sessions reported, by provider and then by limit. A limit that no session reported is unknown, not reached. */
export type AccountLimits = ReadonlyMap<string, ReadonlyMap<string, AccountLimit>>

/** A process that a driver started. Its mark is no other process's; the pid is missing where it cannot be told. */
export type ChildProcess = { mark: string; pid?: number }

/** One connection: the project that it works in, how many of our sessions it is inside, the most that it can give, whether it is a person's. */
export type CallerState = {
  project: string
  depth: number
  authority: Authority
  /** The child process that an agent's connection comes from. */
  process?: ChildProcess
  /** An agent's own: it gives nothing outside of it. */
  folder?: string
  terminal?: true
  /** A person is there, as far as can be told. */
  attended?: true
}

/** A connection; one that has gone may give nothing, and launches nothing. */
export function callerOf({ callers }: AgentsState, caller: string, project: string): CallerState {
  return callers.get(caller) ?? { project, depth: Infinity, authority: mostRestricted }
}

/** The load of a pool without sessions. */
export const noPool: PoolLoad = {
  ...{ idle: {}, resetting: {}, processes: 0 },
  ...{ joinable: [], retirable: false, ending: 0 },
}

/** Before the first fact. */
export function emptyAgentsState(limits: SupervisorLimits, shared: ReadonlySet<string>): AgentsState {
  return {
    agents: OrderedMap(),
    open: OrderedMap(),
    callers: new Map(),
    calls: new Set(),
    accountLimits: new Map(),
    queue: [],
    draining: false,
    machine: { freeMemory: Infinity, others: noLoad },
    pool: noPool,
    limits,
    shared,
  }
}

/**
 * The number of the newest report on an agent that a caller need not be given again; 0 before the first. What a
 * caller received that is gone was received by the host's people: it is no news to the next session. Who launched the
 * agent and is still there is told all of it.
 */
export function deliveredUpTo(
  { callers }: AgentsState,
  caller: string,
  { delivered, profile }: Agent,
): number {
  const own = delivered[caller] ?? 0
  if (profile.caller === caller) return own
  const ofThoseGone = Object.entries(delivered).filter(([receiver]) => !callers.has(receiver))
  return Math.max(own, ...ofThoseGone.map(([, upTo]) => upTo))
}
