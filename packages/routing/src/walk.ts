import type { Effort, Failure, TaskCategory } from '@subagent-mcp/contract'
import { withoutRepeats, type Candidate } from './candidate.js'
import { rank, type Ranked } from './rank.js'
import type { RoutingTable } from './table.js'

/**
 * What a launch asks for: a `model` only with a provider, an `effort` only with a model, `prefer` and `deadlock` with none
 * of them. The rules are those of `LaunchOptions` in the API, which checks them.
 */
export type RouteQuery = {
  category: TaskCategory
  /** Only candidates of this provider. */
  provider?: string
  /** Candidates of this provider first, then the others. Not with a provider or a model. */
  prefer?: string
  model?: string
  effort?: Effort
  /** The task has failed before, with these. */
  deadlock?: { tried: readonly Candidate[] }
}

/** Why a candidate cannot be tried now; `undefined` when it can. */
export type Obstacle = (candidate: Candidate) => Failure | undefined

/** Whom a launch asks, best first. `pinned`: the one that was named, and nothing takes its place. */
export type Walk = { pinned: boolean; candidates: readonly Ranked[] }

/** Puts the candidates for a query in order, whether they can be tried or not. */
export function walkCandidates(table: RoutingTable, query: RouteQuery): Walk {
  const { category, provider, prefer, model, effort, deadlock } = query
  if (provider !== undefined && model !== undefined) {
    return { pinned: true, candidates: [{ provider, model, ...(effort && { effort }) }] }
  }
  const ranked = rank(table, category)
  if (provider !== undefined) return { pinned: false, candidates: candidatesOf(provider, ranked) }
  if (prefer !== undefined) {
    const others = ranked.filter((candidate) => candidate.provider !== prefer)
    return { pinned: false, candidates: [...candidatesOf(prefer, ranked), ...others] }
  }
  return { pinned: false, candidates: deadlock ? withoutRepeats([...table.strongest, ...ranked]) : ranked }
}

/** The provider's candidates in the list; its default model where the list has none. */
function candidatesOf(provider: string, ranked: readonly Ranked[]): readonly Ranked[] {
  const own = ranked.filter((candidate) => candidate.provider === provider)
  return own.length > 0 ? own : [{ provider }]
}
