import type { TaskCategory } from '@subagent-mcp/contract'
import { removeDuplicateModels, type RouteCandidate } from './route-candidate.js'
import type { RankedCandidate, RoutingTable } from './routing-table.js'

/** A ranked candidate. In a composite category `from` is the category whose list has it. */
export type CategoryCandidate = RankedCandidate & { from?: TaskCategory }

/** All candidates of a task category, best first. */
export function rankCategoryCandidates(
  { categories }: RoutingTable,
  category: TaskCategory,
): readonly CategoryCandidate[] {
  const ranking = categories[category]
  if ('candidates' in ranking) return ranking.candidates
  const lists = ranking.composedOf.map((parent) =>
    categories[parent].candidates.map((candidate) => ({ ...candidate, from: parent })),
  )
  return removeDuplicateModels(interleave(lists))
}

function interleave<Entry>(lists: readonly (readonly Entry[])[]): Entry[] {
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list) => list.slice(place, place + 1)),
  ).flat()
}

/** The provider, model and effort of a ranked candidate, without reason and sources. */
export function toCandidate({ provider, model, effort }: CategoryCandidate): RouteCandidate {
  return { provider, ...(model !== undefined && { model }), ...(effort && { effort }) }
}
