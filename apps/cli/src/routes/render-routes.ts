import { taskCategories } from '@subagent-mcp/contract'
import { candidateName } from '@subagent-mcp/routing'
import type { CandidateReport, CategoryReport, RoutesReport } from './report.js'
import { renderProviders } from './render-providers.js'
import { align, fit, paragraph, wrap } from './render-text.js'

/** The table for a person: what each provider is, then the candidates of each category, best first. */
export function renderRoutes({ providers, categories, health }: RoutesReport): string {
  const usable = providers.filter(({ type }) => type === 'usable').map(({ provider }) => provider)
  if (usable.length === 0) return paragraph(renderProviders(providers))
  const rule = health
    ? 'A provider that reports a rate limit rests until the limit ends.'
    : 'Providers do not rest after a rate limit: health is off.'
  const blocks = [renderProviders(providers), ...categories.map(renderCategory), [rule]]
  return blocks.map(paragraph).join('\n')
}

/** What a category is, and of whom it is composed. */
export function renderTitle({ category, composition }: CategoryReport): string[] {
  const title = fit(`${category}: ${taskCategories[category]}`)
  if (!composition) return [title]
  const { of, why } = composition
  const parents = `composed of ${of.join(', ')}: the best of each in turn`
  return [title, ...wrap(why === undefined ? parents : `${parents}. ${why}`, '  ')]
}

/** The candidates with their places: those that would be tried are numbered. */
export function numbered(candidates: readonly CandidateReport[]): [place: string, CandidateReport][] {
  const ready = candidates.filter(({ state }) => state === 'ready')
  return candidates.map((each) => [each.state === 'ready' ? `${ready.indexOf(each) + 1}` : '-', each])
}

function renderCategory(report: CategoryReport): string[] {
  const rows = numbered(report.candidates).map(([place, candidate]) => [
    `  ${place}`,
    candidateName(candidate.candidate),
    fate(candidate),
  ])
  return [...renderTitle(report), ...align(rows).map(fit)]
}

/** The model that it is; or why not: what to do about it stands with the provider, and in the walk. */
function fate(candidate: CandidateReport): string {
  if (candidate.state === 'skipped') return `skipped: ${candidate.failure.message}`.replace(/\s+/g, ' ')
  return readyText(candidate)
}

/** The model that a candidate is, as far as its CLI tells. */
export function readyText({ modelId = 'ready', note }: { modelId?: string; note?: string }): string {
  return note === undefined ? modelId : `${modelId} (${note})`
}
