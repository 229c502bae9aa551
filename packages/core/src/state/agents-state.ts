import { mostRestricted, type Authority } from '@subagent-mcp/permissions'
import { OrderedMap } from 'immutable'
import type { Agent } from '../agent/agent.js'
import type { Health } from './account-limits.js'
import type { Limits } from '../capacity/limits.js'
import { noLoad, noPool, type Machine, type PoolLoad } from '../capacity/load.js'

/** All agents, who asks about them, and what there is room for. */
export type Fleet = {
  /** In the order of their launch. Persistent: copying a thousand agents for every fact would cost more than the facts. */
  agents: OrderedMap<string, Agent>
  /** Those of them that have not ended: few, where the others are history. */
  open: OrderedMap<string, Agent>
  /** Those that are connected. */
  callers: ReadonlyMap<string, CallerState>
  /** The ids of tasks whose call is open: no wait reports these. */
  calls: ReadonlySet<string>
  health: Health
  /** Agents that wait for room, the longest waiting first. */
  queue: readonly string[]
  /** Whether turns may begin. */
  draining: boolean
  machine: Machine
  pool: PoolLoad
  limits: Limits
  /** Providers whose sessions share a process. */
  shared: ReadonlySet<string>
}

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
export function callerOf({ callers }: Fleet, caller: string, project: string): CallerState {
  return callers.get(caller) ?? { project, depth: Infinity, authority: mostRestricted }
}

/** Before the first fact. */
export function emptyFleet(limits: Limits, shared: ReadonlySet<string>): Fleet {
  return {
    agents: OrderedMap(),
    open: OrderedMap(),
    callers: new Map(),
    calls: new Set(),
    health: new Map(),
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
export function deliveredUpTo({ callers }: Fleet, caller: string, { delivered, profile }: Agent): number {
  const own = delivered[caller] ?? 0
  if (profile.caller === caller) return own
  const ofThoseGone = Object.entries(delivered).filter(([receiver]) => !callers.has(receiver))
  return Math.max(own, ...ofThoseGone.map(([, upTo]) => upTo))
}
