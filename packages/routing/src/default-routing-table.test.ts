import { taskCategories } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { formatCandidate, removeDuplicateModels } from './route-candidate.js'
import { defaultRoutingTable } from './default-routing-table.js'
import { categoryNames } from './categories.test.support.js'
import { rankCategoryCandidates } from './rank-category-candidates.js'
import { createRoutingTableSchema } from './routing-table-schema.js'

const { categories, sources, strongest } = defaultRoutingTable()
const lists = Object.values(categories).flatMap((ranking) =>
  'candidates' in ranking ? [ranking.candidates] : [],
)

describe('the default table', () => {
  test('has the fifteen categories', () => {
    expect(Object.keys(categories).toSorted()).toEqual(Object.keys(taskCategories).toSorted())
  })

  test('has something for each category on a machine with any one of the three CLIs', () => {
    for (const category of categoryNames) {
      const providers = rankCategoryCandidates(defaultRoutingTable(), category).map(
        ({ provider }) => provider,
      )
      expect(providers, category).toEqual(expect.arrayContaining(['claude', 'codex', 'gemini']))
    }
  })

  test('asks a model once in a list', () => {
    for (const list of [...lists, strongest]) {
      expect(list.map(formatCandidate)).toEqual(removeDuplicateModels(list).map(formatCandidate))
    }
  })

  test('gives each place a reason, each reason sources that are there, and uses each source', () => {
    const ranked = [...lists, strongest].flat()
    expect(ranked.filter(({ why }) => why === undefined)).toEqual([])
    const cited = new Set(ranked.flatMap((candidate) => candidate.sources ?? []))
    expect([...cited].toSorted()).toEqual(Object.keys(sources).toSorted())
  })

  test('composes the four that are composite', () => {
    const composed = categoryNames.filter((category) => 'composedOf' in categories[category])
    expect(composed).toEqual([
      'prompt_engineering',
      'vulnerability_research',
      'molecular_biology',
      'ml_accelerator_design',
    ])
  })
})

test('the published schema is that of the table: vitest -u writes it again', async () => {
  const text = `${JSON.stringify(createRoutingTableSchema(), undefined, 2)}\n`
  await expect(text).toMatchFileSnapshot('../routing.schema.json')
})
