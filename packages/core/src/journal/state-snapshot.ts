import type { AccountLimit } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import type { Fact } from '../state/fact.js'
import type { AccountLimits } from '../state/agents-state.js'

/**
 * The number of the shape that snapshots have. Raise it with every change of `Agent`, of `AccountLimit` or of a reducer that gives
 * another state for the same facts: a program that embeds these packages may keep its own version while they change.
 */
export const stateSnapshotFormat = 1

/**
 * A part of the state as JSON, so that a start need not replay the facts that led to it. It is derived from facts: without it they
 * are replayed. A snapshot of another version or `stateSnapshotFormat` is not read, because the state may have had another shape.
 */
export type StateSnapshot = { agent: Agent } | { limits: LimitEntries }
type LimitEntries = readonly (readonly [
  account: string,
  limits: readonly (readonly [string, AccountLimit])[],
])[]

/** The snapshot of an ended agent. The state has no texts of its turns. */
export function createAgentSnapshot(agent: Agent): StateSnapshot {
  return { agent }
}

/** The snapshot of what is known about the limits of accounts. */
export function createLimitsSnapshot(limits: AccountLimits): StateSnapshot {
  return { limits: [...limits].map(([account, named]) => [account, [...named]]) }
}

/** Returns the fact that puts a snapshot into the state. Its fields are trusted: only this version writes them. */
export function convertSnapshotToFact(value: unknown): Fact | undefined {
  if (!isSnapshot(value)) return undefined
  // The time of a restored part is never read.
  if ('agent' in value) return { type: 'agent-restored', at: 0, agent: value.agent }
  const limits = new Map(value.limits.map(([account, named]) => [account, new Map(named)]))
  return { type: 'account-limits-restored', at: 0, limits }
}

function isSnapshot(value: unknown): value is StateSnapshot {
  return typeof value === 'object' && value !== null && ('agent' in value || 'limits' in value)
}
