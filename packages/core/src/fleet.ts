import type { Agent } from './agent.js'
import type { Health } from './health.js'

/** All agents, who asks about them, and what each of these has been told. */
export type Fleet = {
  agents: ReadonlyMap<string, Agent>
  callers: ReadonlyMap<string, CallerState>
  /** By caller, then by agent: the number of the newest report handed over. */
  delivered: ReadonlyMap<string, ReadonlyMap<string, number>>
  health: Health
}

/** One connection of a host: the project that it works in, and whether it is still there. */
export type CallerState = { project: string; connected: boolean }

/** Before the first fact. */
export const emptyFleet: Fleet = {
  agents: new Map(),
  callers: new Map(),
  delivered: new Map(),
  health: new Map(),
}

/** The number of the newest report on an agent that the caller has been given; 0 before the first. */
export function deliveredUpTo(fleet: Fleet, caller: string, agentId: string): number {
  return fleet.delivered.get(caller)?.get(agentId) ?? 0
}
