import { findModelByIdOrAlias, type Failure, type Model } from '@subagent-mcp/contract'
import { formatCandidate, type RouteCandidate } from './route-candidate.js'

/** The result of looking up a candidate in its CLI's model list. `modelId` is missing where there is no list. */
export type CandidateModel =
  | { type: 'resolved'; modelId?: string; note?: string }
  | { type: 'missing'; failure: Failure }

/** Looks up a candidate in its CLI's model list. Without a list every candidate resolves. */
export function resolveCandidateModel(
  candidate: RouteCandidate,
  models: readonly Model[] | undefined,
): CandidateModel {
  if (candidate.model === undefined || models === undefined) return { type: 'resolved' }
  const model = findModelByIdOrAlias(models, candidate.model)
  return model ? checkEffort(candidate, model) : { type: 'missing', failure: missingModel(candidate, models) }
}

function missingModel({ provider, model }: RouteCandidate, models: readonly Model[]): Failure {
  const names = models.flatMap(({ id, aliases }) => (aliases.length > 0 ? aliases : [id]))
  const listed = names.length > 0 ? `it has ${[...new Set(names)].join(', ')}` : 'it has none'
  return { reason: 'model-unavailable', message: `${provider} lists no ${model}; ${listed}` }
}

function checkEffort(candidate: RouteCandidate, { id, efforts }: Model): CandidateModel {
  const { effort } = candidate
  if (effort === undefined || efforts === undefined || efforts.includes(effort)) {
    return { type: 'resolved', modelId: id }
  }
  if (efforts.length === 0) return { type: 'resolved', modelId: id, note: `${id} takes no effort` }
  const message = `${formatCandidate(candidate)}: ${id} takes ${efforts.join(', ')}`
  return { type: 'missing', failure: { reason: 'bad-request', message } }
}
