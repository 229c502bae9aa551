import type { ReasoningEffort, Failure, TaskCategory } from '@subagent-mcp/contract'
import { removeDuplicateModels, type RouteCandidate } from './route-candidate.js'
import { rankCategoryCandidates, type CategoryCandidate } from './rank-category-candidates.js'
import type { RoutingTable } from './routing-table.js'

/**
 * The routing options of a launch. The API's `LaunchOptions` checks how they combine: `model` needs `provider`,
 * `effort` needs `model`, `prefer` and `deadlock` go with none of these.
 */
export type RouteQuery = {
  category: TaskCategory
  /** Allows only candidates of this provider. */
  provider?: string
  /** Candidates of this provider come first, then all others. */
  prefer?: string
  model?: string
  effort?: ReasoningEffort
  /** The candidates with which the same task has failed before. */
  deadlock?: { tried: readonly RouteCandidate[] }
  /** The caller's own provider. Its candidates come last where the work of others is judged (`quality_review`). */
  ofCaller?: string
  without?: string
}

/** Returns why a candidate cannot be tried now, or `undefined` if it can. */
export type FindCandidateObstacle = (candidate: RouteCandidate) => Failure | undefined

/** The candidates for a launch, best first. `pinned`: the caller named the only one. */
export type RankedRouteCandidates = { pinned: boolean; candidates: readonly CategoryCandidate[] }

/** Ranks the candidates of a query, including those that cannot be tried. */
export function rankRouteCandidates(table: RoutingTable, query: RouteQuery): RankedRouteCandidates {
  const { category, provider, prefer, model, effort, deadlock } = query
  if (provider !== undefined && model !== undefined) {
    return { pinned: true, candidates: [{ provider, model, ...(effort && { effort }) }] }
  }
  const arranged = (list: readonly CategoryCandidate[]): readonly CategoryCandidate[] => arrange(list, query)
  const ranked = arranged(rankCategoryCandidates(table, category))
  if (provider !== undefined) return { pinned: false, candidates: candidatesOf(provider, ranked) }
  if (prefer !== undefined) {
    const others = ranked.filter((candidate) => candidate.provider !== prefer)
    return { pinned: false, candidates: [...candidatesOf(prefer, ranked), ...others] }
  }
  return {
    pinned: false,
    candidates: deadlock ? arranged(removeDuplicateModels([...table.strongest, ...ranked])) : ranked,
  }
}

/** Leaves out a provider, and puts the caller's own last where the work of others is judged: a model overlooks its own mistakes. */
function arrange(
  ranked: readonly CategoryCandidate[],
  { category, ofCaller, without }: Pick<RouteQuery, 'category' | 'ofCaller' | 'without'>,
): readonly CategoryCandidate[] {
  const isOwn = ({ provider }: CategoryCandidate): boolean =>
    category === 'quality_review' && provider === ofCaller
  const allowed = ranked.filter(({ provider }) => provider !== without)
  return [...allowed.filter((candidate) => !isOwn(candidate)), ...allowed.filter(isOwn)]
}

/** The provider's candidates in a ranked list; without any, the provider's default model. */
function candidatesOf(provider: string, ranked: readonly CategoryCandidate[]): readonly CategoryCandidate[] {
  const own = ranked.filter((candidate) => candidate.provider === provider)
  return own.length > 0 ? own : [{ provider }]
}
