import type { Agent } from '../agent/agent.js'
import { isAgentResumable } from '../agent/agent-view.js'
import type { Effect } from '../state/effect.js'
import type { AgentsState } from '../state/agents-state.js'
import {
  hasAgentCliProcess,
  findMissingResource,
  computeMachineLoad,
  type NeededResources,
} from './supervisor-load.js'

/**
 * Decides which waiting agent may begin: at most one, because its beginning calls this function again. The agent that has waited
 * longest comes first, but an agent that lacks one resource does not block agents that need another. If only a process is
 * lacking, the session that has been idle longest is closed.
 */
export function admitNextWaitingAgent(state: AgentsState, at: number): Effect[] {
  if (state.draining || state.queue.length === 0) return []
  const load = computeMachineLoad(state, at)
  const coming = new Map(Object.entries(state.pool.resetting))
  let isStarved = false
  for (const id of state.queue) {
    const agent = state.open.get(id)
    if (!agent) continue
    const need = computeNeededResources(agent, state)
    if (need.process && takeOne(coming, agent.profile.pool?.key)) continue
    const lack = findMissingResource(state, need, load)
    if (!lack) return [{ type: 'grant-slot', agentId: id }]
    isStarved ||= lack.of === 'process'
  }
  return [...(isStarved ? makeRoom(state) : []), { type: 'measure-later' }]
}

/** Counts one resetting pool session as taken. A task waits for that session, because it is ready sooner than a new process. */
function takeOne(coming: Map<string, number>, key: string | undefined): boolean {
  const left = key === undefined ? 0 : (coming.get(key) ?? 0)
  if (key === undefined || left === 0) return false
  coming.set(key, left - 1)
  return true
}

/** Reserves a pooled session or process for a task that may begin, before the pool itself reports it as taken. */
export function reservePoolSession(state: AgentsState, agentId: string): AgentsState {
  const agent = state.open.get(agentId)
  const key = agent?.profile.pool?.key
  if (!agent || key === undefined) return state
  const { idle, processes } = state.pool
  const left = idle[key] ?? 0
  if (left > 0) return { ...state, pool: { ...state.pool, idle: { ...idle, [key]: left - 1 } } }
  return computeNeededResources(agent, state).process
    ? { ...state, pool: { ...state.pool, processes: processes + 1 } }
    : state
}

/** The resources that a waiting agent needs to begin. */
export function computeNeededResources(
  { route, phase, profile }: Agent,
  { pool }: Pick<AgentsState, 'pool'>,
): NeededResources {
  const { provider } = route.current
  const isThere =
    profile.pool !== undefined && ((pool.idle[profile.pool.key] ?? 0) > 0 || pool.joinable.includes(provider))
  return { provider, process: phase.status === 'queued' && !isThere, ...(profile.pool && { task: profile }) }
}

/** Frees one process at a time. Does nothing while a session is closing, because that may be enough. */
function makeRoom(state: AgentsState): Effect[] {
  const { open, pool } = state
  if (pool.ending > 0 || open.some(({ phase }) => phase.status === 'closing')) return []
  // Pooled processes that wait for future tasks are ended first, because that costs least.
  if (pool.retirable) return [{ type: 'retire-pooled' }]
  const idle = [...open.values()].flatMap((agent) =>
    agent.phase.status === 'idle' && isAgentResumable(agent) && freesProcess(state, agent)
      ? [{ agentId: agent.profile.id, since: agent.phase.since, isKept: agent.profile.keepOpen ?? false }]
      : [],
  )
  const others = idle.filter(({ isKept }) => !isKept)
  const longest = (others.length > 0 ? others : idle).reduce<(typeof idle)[number] | undefined>(
    (first, other) => (first && first.since <= other.since ? first : other),
    undefined,
  )
  if (!longest) return []
  const { agentId, since } = longest
  return [{ type: 'expire-idle', agentId, since, delay: 0 }]
}

/** Whether closing the agent's session ends a process. It does not while other sessions share that process. */
function freesProcess({ open, shared }: AgentsState, { route, profile }: Agent): boolean {
  const { provider } = route.current
  if (!shared.has(provider)) return true
  return !open.some(
    (other) =>
      other.profile.id !== profile.id &&
      other.route.current.provider === provider &&
      hasAgentCliProcess(other) &&
      !other.profile.pool,
  )
}
