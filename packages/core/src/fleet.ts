import { OrderedMap } from 'immutable'
import type { Agent } from './agent.js'
import type { Health } from './health.js'
import type { Limits } from './limits.js'
import { noLoad, type Machine } from './load.js'

/** All agents, who asks about them, and what there is room for. */
export type Fleet = {
  /** In the order of their launch. Persistent: copying a thousand agents for every fact would cost more than the facts. */
  agents: OrderedMap<string, Agent>
  /** Those that are connected. */
  callers: ReadonlyMap<string, CallerState>
  health: Health
  /** Agents that wait for room, the longest waiting first. */
  queue: readonly string[]
  /** Whether turns may begin. */
  draining: boolean
  machine: Machine
  limits: Limits
  /** Providers whose sessions share a process. */
  shared: ReadonlySet<string>
}

/** One connection of a host: the project that it works in, and how many of our sessions it is inside. */
export type CallerState = { project: string; depth: number }

/** Before the first fact. */
export function emptyFleet(limits: Limits, shared: ReadonlySet<string>): Fleet {
  return {
    agents: OrderedMap(),
    callers: new Map(),
    health: new Map(),
    queue: [],
    draining: false,
    machine: { freeMemory: Infinity, others: noLoad },
    limits,
    shared,
  }
}

/**
 * The number of the newest report on an agent that a caller need not be given again; 0 before the first. What a
 * caller received that is gone was received by the host's people: it is no news to the next session.
 */
export function deliveredUpTo({ callers }: Fleet, caller: string, { delivered }: Agent): number {
  const heard = Object.entries(delivered).filter(
    ([receiver]) => receiver === caller || !callers.has(receiver),
  )
  return Math.max(0, ...heard.map(([, upTo]) => upTo))
}
