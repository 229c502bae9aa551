import type { Driver, Failure, TaskCategory } from '@subagent-mcp/contract'
import {
  explainRoute,
  resolveCandidateModel,
  createMissingDriverFailure,
  type RouteCandidate,
  type ExplainedCandidate,
  type RouteExplanation,
  type RoutingTable,
} from '@subagent-mcp/routing'
import type { ProviderSurvey } from './survey-providers.js'

/** The routing table with the state of each provider and candidate on this machine. */
export type RoutesReport = {
  providers: readonly ProviderReport[]
  /** Whether launches skip a provider that has reported a rate limit, until the limit resets. */
  health: boolean
  categories: readonly CategoryReport[]
}

/**
 * A provider's state for launches. `headroom`: the share of its account limits that is left, as `45 % of seven_day`; `unknown`
 * before its CLI has reported limits, which it does only to running agents.
 */
export type ProviderReport = { provider: string; headroom: string } & ProviderSurvey

/** A task category with its candidates, best first. */
export type CategoryReport = Omit<RouteExplanation, 'pinned' | 'steps'> & {
  candidates: readonly CandidateReport[]
}

/** A candidate with the reason for its rank, and whether it can be launched. */
export type CandidateReport = Omit<ExplainedCandidate, 'failure'> & CandidateVerdict

/** Whether a candidate can be launched. `modelId` is missing if the CLI does not report it. */
export type CandidateVerdict =
  | { state: 'ready'; modelId?: string; note?: string }
  | { state: 'skipped'; failure: Failure }

/** The routing table, drivers and surveyed providers, from which candidates are checked. */
export type RoutesReportInput = {
  table: RoutingTable
  drivers: ReadonlyMap<string, Driver>
  surveyed: ReadonlyMap<string, ProviderSurvey>
  /** The known share of a provider's account limits that is left. */
  headroomOf?: (provider: string) => string | undefined
}

/** Reports for every candidate of these categories whether it can be launched. */
export function reportRoutes(facts: RoutesReportInput, categories: readonly TaskCategory[]): RoutesReport {
  const providers = [...facts.surveyed].map(([provider, surveyed]): ProviderReport => ({
    provider,
    headroom: facts.headroomOf?.(provider) ?? 'unknown',
    ...surveyed,
  }))
  const { table } = facts
  return {
    providers,
    health: table.health,
    categories: categories.map((category) => {
      const { composition, steps } = explainRoute(table, { category }, () => undefined)
      const candidates = steps.map((step) => ({ ...step, ...judge(facts, step.candidate) }))
      return { category, ...(composition && { composition }), candidates }
    }),
  }
}

function judge({ drivers, surveyed }: RoutesReportInput, candidate: RouteCandidate): CandidateVerdict {
  const { provider, model, effort } = candidate
  const [driver, known] = [drivers.get(provider), surveyed.get(provider)]
  if (!driver || !known) return skipped(createMissingDriverFailure(provider))
  if (known.type === 'unusable') return skipped(known.failure)
  const choice = effort && driver.effort(effort, model)
  if (choice?.type === 'refused') return skipped({ reason: 'bad-request', message: choice.message })
  const asked = choice?.type === 'none' ? { provider, ...(model !== undefined && { model }) } : candidate
  const resolution = resolveCandidateModel(asked, known.models)
  if (resolution.type === 'missing') return skipped(resolution.failure)
  const { modelId, note = choice?.type === 'none' ? choice.note : undefined } = resolution
  return { state: 'ready', ...(modelId !== undefined && { modelId }), ...(note !== undefined && { note }) }
}

function skipped(failure: Failure): CandidateVerdict {
  return { state: 'skipped', failure }
}
