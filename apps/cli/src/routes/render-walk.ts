import { candidateName, type Source } from '@subagent-mcp/routing'
import type { CandidateReport, RoutesReport } from './report.js'
import { failureText, renderProviders } from './render-providers.js'
import { numbered, readyText, renderTitle } from './render-routes.js'
import { paragraph, wrap } from './render-text.js'

/** The walk for a person: each candidate of a category, why it stands there, and what would come of it. */
export function renderWalk({ providers, categories }: RoutesReport): string {
  const blocks = categories.flatMap((category) => [
    renderTitle(category),
    ...numbered(category.candidates).map(([place, candidate]) => renderStep(place, candidate)),
    wrap(conclusion(category.candidates), ''),
  ])
  return [renderProviders(providers), ...blocks].map(paragraph).join('\n')
}

function renderStep(place: string, candidate: CandidateReport): string[] {
  const { why, sources, from } = candidate
  const basis = sources.length > 0 ? '' : ' (judgement)'
  const reason = why === undefined ? 'no reason is given' : `${why}${basis}`
  return [
    `${place}  ${candidateName(candidate.candidate)}${from === undefined ? '' : `, from ${from}`}`,
    ...wrap(outcome(candidate), '   '),
    ...wrap(`why: ${reason}`, '   '),
    ...sources.flatMap(renderSource),
  ]
}

function outcome(candidate: CandidateReport): string {
  return candidate.state === 'ready'
    ? `ready: ${readyText(candidate)}`
    : `skipped: ${failureText(candidate.failure)}`
}

function renderSource({ name, url, read, says }: Source): string[] {
  return [...wrap(`${name}: ${says}`, '   - '), `     ${url} (read ${read})`]
}

function conclusion(candidates: readonly CandidateReport[]): string {
  const [first, second] = candidates.filter(({ state }) => state === 'ready')
  if (!first) return 'A launch fails at once: none can be tried.'
  const next = second ? `; if that fails before a word, ${candidateName(second.candidate)} comes next` : ''
  return `A launch starts with ${candidateName(first.candidate)}${next}.`
}
