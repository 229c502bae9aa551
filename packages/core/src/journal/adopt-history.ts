import type { Fact } from '../state/fact.js'
import type { Fleet } from '../state/agents-state.js'
import { applyFact } from '../state/reduce-agents.js'

/** The fleet with the agents that a history tells of, and the ids of those that were open at its end. */
export function adoptHistory(
  fleet: Fleet,
  history: Iterable<Fact>,
): { adopted: Fleet; openIds: readonly string[] } {
  let adopted: Fleet = { ...fleet, health: new Map() }
  const seen = new Set<string>()
  for (const fact of history) {
    if (fact.type === 'launch-requested') seen.add(fact.profile.id)
    // What it led to then has been done, or died with who was to do it.
    ;[adopted] = applyFact(adopted, fact)
  }
  const openIds = [...seen].filter((id) => adopted.open.has(id))
  // The queue is for those whose supervisor lives; what was said of limits is older than what is known here.
  const queue = adopted.queue.filter((id) => !seen.has(id))
  return { adopted: { ...adopted, queue, health: new Map([...adopted.health, ...fleet.health]) }, openIds }
}
