import { z } from 'zod'

const Candidate = z.looseObject({
  provider: z.string(),
  model: z.string(),
  effort: z.string().optional(),
})
type Candidate = z.infer<typeof Candidate>

const Candidates = z.array(Candidate).default([])
const Ranking = z.looseObject({ candidates: Candidates, composedOf: z.array(z.string()).default([]) })
const Table = z.looseObject({ strongest: Candidates, categories: z.record(z.string(), Ranking) })

/** Returns the Markdown tables of the candidates for each category, and of the efforts that the table asks of each model. */
export function routingMatrix(document: unknown): string {
  const { categories, strongest } = Table.parse(document)
  const rankings = Object.entries(categories)
  const asked = [...rankings.flatMap(([, { candidates }]) => candidates), ...strongest]
  return [
    ...['| category | tried, best first |', '|---|---|'],
    ...rankings.map(([name, ranking]) => row([code(name), ranked(ranking)])),
    row(['third try of one task (`deadlock`)', names(strongest)]),
    '',
    ...['| model | efforts that the table asks of it |', '|---|---|'],
    ...[...new Set(asked.map(modelName))].sort().map((model) => row([model, effortsOf(model, asked)])),
  ].join('\n')
}

function ranked({ candidates, composedOf }: z.infer<typeof Ranking>): string {
  if (composedOf.length === 0) return names(candidates)
  return `the best of each in turn: ${composedOf.map(code).join(', ')}`
}

function names(candidates: readonly Candidate[]): string {
  return candidates
    .map((candidate) => [modelName(candidate), candidate.effort].filter(Boolean).join(' '))
    .join(', ')
}

function modelName({ provider, model }: Candidate): string {
  return `${provider} ${model}`
}

function effortsOf(model: string, asked: readonly Candidate[]): string {
  const found = asked.filter((candidate) => modelName(candidate) === model).map(({ effort }) => effort)
  const words = scale.filter((effort) => found.includes(effort))
  return words.length === 0 ? 'none: the model decides' : words.join(', ')
}

/** All efforts, from the lowest to the highest. */
const scale = ['low', 'medium', 'high', 'xhigh', 'max', 'ultracode']

function code(word: string): string {
  return `\`${word}\``
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
