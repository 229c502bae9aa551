import type { Agent } from './agent.js'
import { isResumable } from './agent-view.js'
import type { Effect } from './effect.js'
import type { Fleet } from './fleet.js'
import { holdsProcess, lackOfRoom, machineLoad, type Need } from './load.js'

/**
 * Who of those that wait may begin now: one, as its beginning asks again. Each in its turn, but nobody waits behind
 * one that lacks what he does not need. Where only a process is lacking, the longest idle session makes room.
 */
export function admit(fleet: Fleet, at: number): Effect[] {
  if (fleet.draining || fleet.queue.length === 0) return []
  const load = machineLoad(fleet, at)
  const waiting = fleet.queue.flatMap((id) => fleet.open.get(id) ?? [])
  const next = waiting.find((agent) => lackOfRoom(fleet, needOf(agent, fleet), load) === undefined)
  if (next) return [{ type: 'grant-slot', agentId: next.profile.id }]
  const starved = waiting.some((agent) => {
    const need = needOf(agent, fleet)
    return need.process && lackOfRoom(fleet, { ...need, process: false }, load) === undefined
  })
  return [...(starved ? makeRoom(fleet) : []), { type: 'measure-later' }]
}

/** What an agent that waits cannot begin without. */
export function needOf({ route, phase, profile }: Agent, { pool }: Pick<Fleet, 'pool'>): Need {
  const isWarm = profile.pool !== undefined && (pool.idle[profile.pool.key] ?? 0) > 0
  const { provider } = route.current
  return { provider, process: phase.status === 'queued' && !isWarm, ...(profile.pool && { task: profile }) }
}

/** One at a time: what is closing already may be all that is needed. */
function makeRoom(fleet: Fleet): Effect[] {
  const { open, pool } = fleet
  if (pool.ending > 0 || open.some(({ phase }) => phase.status === 'closing')) return []
  // What waits for a task that may come costs least to end.
  if (Object.values(pool.idle).some((count) => count > 0)) return [{ type: 'retire-pooled' }]
  const idle = [...open.values()].flatMap((agent) =>
    agent.phase.status === 'idle' && isResumable(agent) && freesProcess(fleet, agent)
      ? [{ agentId: agent.profile.id, since: agent.phase.since }]
      : [],
  )
  const longest = idle.reduce<(typeof idle)[number] | undefined>(
    (first, other) => (first && first.since <= other.since ? first : other),
    undefined,
  )
  return longest ? [{ type: 'expire-idle', ...longest, delay: 0 }] : []
}

/** A session whose process others are in frees nothing. */
function freesProcess({ open, shared }: Fleet, { route, profile }: Agent): boolean {
  const { provider } = route.current
  if (!shared.has(provider)) return true
  return !open.some(
    (other) =>
      other.profile.id !== profile.id && other.route.current.provider === provider && holdsProcess(other),
  )
}
