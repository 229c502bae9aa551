import { omitUndefined, type Failure, type TaskCategory } from '@subagent-mcp/contract'
import type { RouteCandidate } from './route-candidate.js'
import { toCandidate, type CategoryCandidate } from './rank-category-candidates.js'
import type { RoutingTable, RankSource } from './routing-table.js'
import { rankRouteCandidates, type FindCandidateObstacle, type RouteQuery } from './rank-route-candidates.js'

export type ExplainedCandidate = {
  candidate: RouteCandidate
  /** In a composite category: the category whose list has this candidate. */
  from?: TaskCategory
  why?: string
  /** The publications behind the rank; empty where it is our judgement. */
  sources: readonly RankSource[]
  /** The reason for skipping the candidate; missing where it can be tried. */
  failure?: Failure
}

/** All candidates for a launch in their order, to show them to a user. */
export type RouteExplanation = {
  category: TaskCategory
  pinned: boolean
  /** The categories whose lists form a composite category. */
  composition?: { of: readonly TaskCategory[]; why?: string }
  steps: readonly ExplainedCandidate[]
}

/** Explains which candidates `chooseCandidates` would choose, and why. */
export function explainRoute(
  table: RoutingTable,
  query: RouteQuery,
  obstacle: FindCandidateObstacle,
): RouteExplanation {
  const { pinned, candidates } = rankRouteCandidates(table, query)
  return {
    category: query.category,
    pinned,
    ...compositionOf(table, query.category),
    steps: candidates.map((ranked) => step(table, ranked, obstacle)),
  }
}

function compositionOf(
  { categories }: RoutingTable,
  category: TaskCategory,
): Pick<RouteExplanation, 'composition'> {
  const ranking = categories[category]
  if ('candidates' in ranking) return {}
  const { composedOf: of, why } = ranking
  return { composition: { of, ...omitUndefined({ why }) } }
}

function step(
  { sources }: RoutingTable,
  ranked: CategoryCandidate,
  obstacle: FindCandidateObstacle,
): ExplainedCandidate {
  const candidate = toCandidate(ranked)
  const failure = obstacle(candidate)
  return {
    candidate,
    ...(ranked.from && { from: ranked.from }),
    ...omitUndefined({ why: ranked.why }),
    sources: (ranked.sources ?? []).flatMap((key) => sources[key] ?? []),
    ...(failure && { failure }),
  }
}
