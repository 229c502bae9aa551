import { defined, type Failure, type TaskCategory } from '@subagent-mcp/contract'
import type { Candidate } from './candidate.js'
import { withoutReason, type Ranked } from './rank.js'
import type { RoutingTable, Source } from './table.js'
import { walkCandidates, type Obstacle, type RouteQuery } from './walk.js'

/** A candidate on the walk: its reason, and why it would be passed by. */
export type RouteStep = {
  candidate: Candidate
  /** The parent whose list it comes from, in a composite category. */
  from?: TaskCategory
  why?: string
  /** Empty: the reason is a judgement. */
  sources: readonly Source[]
  /** Missing: it would be tried. */
  failure?: Failure
}

/** The walk of a query, to be shown. */
export type RouteView = {
  category: TaskCategory
  pinned: boolean
  /** Whose lists a composite category is made of, and why of these. */
  composition?: { of: readonly TaskCategory[]; why?: string }
  steps: readonly RouteStep[]
}

/** Shows what `chooseCandidates` goes through. @throws SubagentError when the query contradicts itself */
export function explainRoute(table: RoutingTable, query: RouteQuery, obstacle: Obstacle): RouteView {
  const { pinned, candidates } = walkCandidates(table, query)
  return {
    category: query.category,
    pinned,
    ...compositionOf(table, query.category),
    steps: candidates.map((ranked) => step(table, ranked, obstacle)),
  }
}

function compositionOf({ categories }: RoutingTable, category: TaskCategory): Pick<RouteView, 'composition'> {
  const ranking = categories[category]
  if ('candidates' in ranking) return {}
  const { composedOf: of, why } = ranking
  return { composition: { of, ...defined({ why }) } }
}

function step({ sources }: RoutingTable, ranked: Ranked, obstacle: Obstacle): RouteStep {
  const candidate = withoutReason(ranked)
  const failure = obstacle(candidate)
  return {
    candidate,
    ...(ranked.from && { from: ranked.from }),
    ...defined({ why: ranked.why }),
    sources: (ranked.sources ?? []).flatMap((key) => sources[key] ?? []),
    ...(failure && { failure }),
  }
}
