import { taskCategories, type Failure } from '@subagent-mcp/contract'
import { formatCandidate, type RankSource } from '@subagent-mcp/routing'
import type { CandidateReport, CategoryReport, ProviderReport, RoutesReport } from '@subagent-mcp/runtime'

/** The routes as a table: the state of each provider, then the candidates of each category, best first. */
export function renderRouteTable({ providers, categories, health }: RoutesReport): string {
  const usable = providers.filter(({ type }) => type === 'usable').map(({ provider }) => provider)
  if (usable.length === 0) return joinLines(renderProviders(providers))
  const rule = health
    ? 'A provider that reports a rate limit rests until the limit ends.'
    : 'Providers do not rest after a rate limit: health is off.'
  const blocks = [renderProviders(providers), ...categories.map(renderCategory), [rule]]
  return blocks.map(joinLines).join('\n')
}

/** Renders the meaning of a task category, and the categories of which it is composed. */
function renderTitle({ category, composition }: CategoryReport): string[] {
  const title = fitLine(`${category}: ${taskCategories[category]}`)
  if (!composition) return [title]
  const { of, why } = composition
  const parents = `composed of ${of.join(', ')}: the best of each in turn`
  return [title, ...wrapText(why === undefined ? parents : `${parents}. ${why}`, '  ')]
}

/** Numbers candidates in the order in which a launch would try them; skipped ones get `-`. */
function numbered(candidates: readonly CandidateReport[]): [place: string, CandidateReport][] {
  const ready = candidates.filter(({ state }) => state === 'ready')
  return candidates.map((each) => [each.state === 'ready' ? `${ready.indexOf(each) + 1}` : '-', each])
}

function renderCategory(report: CategoryReport): string[] {
  const rows = numbered(report.candidates).map(([place, candidate]) => [
    `  ${place}`,
    formatCandidate(candidate.candidate),
    stateText(candidate),
  ])
  return [...renderTitle(report), ...alignColumns(rows).map(fitLine)]
}

/**
 * Returns the model of a candidate, or the reason why it is skipped. The next step for the user is in the list of providers and in
 * `renderRouteReasons`.
 */
function stateText(candidate: CandidateReport): string {
  if (candidate.state === 'skipped') return `skipped: ${candidate.failure.message}`.replace(/\s+/g, ' ')
  return readyText(candidate)
}

/** Returns the model of a candidate; `ready` when its CLI does not report one. */
function readyText({ modelId = 'ready', note }: { modelId?: string; note?: string }): string {
  return note === undefined ? modelId : `${modelId} (${note})`
}

/** The routes with reasons: for each candidate of a category its rank, reason and sources, and whether it would be tried. */
export function renderRouteReasons({ providers, categories }: RoutesReport): string {
  const blocks = categories.flatMap((category) => [
    renderTitle(category),
    ...numbered(category.candidates).map(([place, candidate]) => renderStep(place, candidate)),
    wrapText(conclusion(category.candidates), ''),
  ])
  return [renderProviders(providers), ...blocks].map(joinLines).join('\n')
}

function renderStep(place: string, candidate: CandidateReport): string[] {
  const { why, sources, from } = candidate
  const basis = sources.length > 0 ? '' : ' (judgement)'
  const reason = why === undefined ? 'no reason is given' : `${why}${basis}`
  return [
    `${place}  ${formatCandidate(candidate.candidate)}${from === undefined ? '' : `, from ${from}`}`,
    ...wrapText(outcome(candidate), '   '),
    ...wrapText(`why: ${reason}`, '   '),
    ...sources.flatMap(renderSource),
  ]
}

function outcome(candidate: CandidateReport): string {
  return candidate.state === 'ready'
    ? `ready: ${readyText(candidate)}`
    : `skipped: ${failureLine(candidate.failure)}`
}

function renderSource({ name, url, read, says }: RankSource): string[] {
  return [...wrapText(`${name}: ${says}`, '   - '), `     ${url} (read ${read})`]
}

function conclusion(candidates: readonly CandidateReport[]): string {
  const [first, second] = candidates.filter(({ state }) => state === 'ready')
  if (!first) return 'A launch fails at once: none can be tried.'
  const next = second ? `; if that fails before a word, ${formatCandidate(second.candidate)} comes next` : ''
  return `A launch starts with ${formatCandidate(first.candidate)}${next}.`
}

/** The state of each provider on this machine, and what to do for one that cannot be used. */
function renderProviders(providers: readonly ProviderReport[]): string[] {
  const isNone = providers.every(({ type }) => type === 'unusable')
  const width = Math.max(...providers.map(({ provider }) => provider.length))
  return [
    ...(isNone ? ['No provider can be used on this machine; one is enough:'] : []),
    ...providers.flatMap((report) => wrapText(describe(report), `${report.provider.padEnd(width)}  `)),
  ]
}

function failureLine({ message, hint }: Failure): string {
  return (hint === undefined ? message : `${message}; ${hint}`).replace(/\s+/g, ' ')
}

function describe(report: ProviderReport): string {
  if (report.type === 'unusable') return failureLine(report.failure)
  const signedIn = report.signedIn === 'yes' ? 'signed in' : 'sign-in unknown'
  const about = `${report.version}, ${signedIn}, headroom ${report.headroom}`
  return report.models ? about : `${about}; its models are unknown: ${failureLine(report.problem)}`
}

/** The largest width of a line of help, in characters, unless a single word is longer. */
const lineWidth = 100

function fitLine(line: string): string {
  return line.length > lineWidth ? `${line.slice(0, lineWidth - 1).toWellFormed()}…` : line
}

/** Wraps a text between words. The first line begins with `head`, the others are indented by its length. */
function wrapText(text: string, head: string): string[] {
  const [first = '', ...words] = text.trim().split(/\s+/)
  const lines: string[] = []
  let line = head + first
  for (const word of words) {
    if (line.length + 1 + word.length <= lineWidth) {
      line += ` ${word}`
    } else {
      lines.push(line)
      line = ' '.repeat(head.length) + word
    }
  }
  return [...lines, line]
}

/** Pads each column but the last to its widest cell. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  )
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
