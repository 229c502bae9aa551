import type { Failure } from '@subagent-mcp/contract'
import { isSameModel, type RouteCandidate } from './route-candidate.js'
import { toCandidate } from './rank-category-candidates.js'
import type { RoutingTable } from './routing-table.js'
import { rankRouteCandidates, type FindCandidateObstacle, type RouteQuery } from './rank-route-candidates.js'

/** Candidates of a launch, best first, and skipped ones with reasons. `pinned`: the caller named the only one. */
export type RouteChoice = {
  pinned: boolean
  candidates: readonly RouteCandidate[]
  skipped: readonly { candidate: RouteCandidate; failure: Failure }[]
}

/** Chooses candidates. A deadlock leaves out those that have tried the task, unless no others remain. */
export function chooseCandidates(
  table: RoutingTable,
  query: RouteQuery,
  obstacle: FindCandidateObstacle,
): RouteChoice {
  const { pinned, candidates } = rankRouteCandidates(table, query)
  const plain = candidates.map(toCandidate)
  if (pinned) return { pinned, candidates: plain, skipped: [] }
  const seen = plain.map((candidate) => ({ candidate, failure: obstacle(candidate) }))
  const open = seen.flatMap(({ candidate, failure }) => (failure ? [] : [candidate]))
  return {
    pinned,
    candidates: untried(open, query.deadlock?.tried ?? []),
    skipped: seen.flatMap(({ candidate, failure }) => (failure ? [{ candidate, failure }] : [])),
  }
}

function untried(
  open: readonly RouteCandidate[],
  tried: readonly RouteCandidate[],
): readonly RouteCandidate[] {
  const left = open.filter((candidate) => !tried.some((earlier) => isSameModel(earlier, candidate)))
  return left.length > 0 ? left : open
}
