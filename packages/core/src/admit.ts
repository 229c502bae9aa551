import type { Agent } from './agent.js'
import { isResumable } from './agent-view.js'
import type { Effect } from './effect.js'
import type { Fleet } from './fleet.js'
import { lackOfRoom } from './load.js'

/**
 * Who of those that wait may begin now: one, as its beginning asks again. Each in its turn, but nobody waits behind
 * one that lacks what he does not need. Where only a process is lacking, the longest idle session makes room.
 */
export function admit(fleet: Fleet, at: number): Effect[] {
  if (fleet.draining || fleet.queue.length === 0) return []
  const waiting = fleet.queue.flatMap((id) => fleet.agents.get(id) ?? [])
  const next = waiting.find((agent) => lackFor(fleet, agent, at) === undefined)
  if (next) return [{ type: 'grant-slot', agentId: next.profile.id }]
  const starved = waiting.some((agent) => lacksProcess(fleet, agent, at))
  return [...(starved ? makeRoom(fleet, at) : []), { type: 'measure-later' }]
}

/** Why an agent that waits cannot begin, in words for a model; `undefined` when it can. */
export function lackFor(fleet: Fleet, agent: Agent, at: number): string | undefined {
  const { provider } = agent.route.current
  return lackOfRoom(fleet, { provider, process: agent.phase.status === 'queued' }, at)
}

function lacksProcess(fleet: Fleet, agent: Agent, at: number): boolean {
  const { provider } = agent.route.current
  return agent.phase.status === 'queued' && lackOfRoom(fleet, { provider, process: false }, at) === undefined
}

/** One at a time: what is closing already may be all that is needed. */
function makeRoom({ agents }: Fleet, at: number): Effect[] {
  if (agents.some(({ phase }) => phase.status === 'closing')) return []
  const idle = [...agents.values()].flatMap((agent) =>
    agent.phase.status === 'idle' && isResumable(agent)
      ? [{ id: agent.profile.id, since: agent.phase.since }]
      : [],
  )
  const longest = idle.reduce<(typeof idle)[number] | undefined>(
    (first, other) => (first && first.since <= other.since ? first : other),
    undefined,
  )
  return longest && longest.since <= at
    ? [{ type: 'expire-idle', agentId: longest.id, since: longest.since, delay: 0 }]
    : []
}
