import { expect, test } from 'vitest'
import { formatCandidate, type RouteCandidate } from './route-candidate.js'
import { tableOf } from './categories.test.support.js'
import { rankCategoryCandidates } from './rank-category-candidates.js'
import type { RoutingTable } from './routing-table.js'

const candidates = (...names: string[]): RouteCandidate[] =>
  names.map((name) => {
    const [provider = '', model = ''] = name.split(' ')
    return { provider, model }
  })

const base = tableOf(candidates('claude opus'))
const table: RoutingTable = {
  ...base,
  categories: {
    ...base.categories,
    coding: { candidates: candidates('claude opus', 'codex gpt', 'gemini pro', 'claude haiku') },
    debugging: { candidates: candidates('codex gpt', 'claude opus') },
    mechanical: { candidates: candidates('claude haiku', 'gemini flash') },
    prompt_engineering: { composedOf: ['coding', 'debugging', 'mechanical'] },
  },
}

test('a list is taken as it is', () => {
  expect(rankCategoryCandidates(table, 'debugging').map(formatCandidate)).toEqual([
    'codex gpt',
    'claude opus',
  ])
})

test('a composition takes the best of each parent in turn, and a model once', () => {
  const names = rankCategoryCandidates(table, 'prompt_engineering').map(
    (candidate) => `${formatCandidate(candidate)} (${candidate.from})`,
  )
  expect(names).toEqual([
    'claude opus (coding)',
    'codex gpt (debugging)',
    'claude haiku (mechanical)',
    'gemini flash (mechanical)',
    'gemini pro (coding)',
  ])
})
