import { describe, expect, test } from 'vitest'
import { defaultRoutingTable } from './default-routing-table.js'
import { mergeRoutingTables } from './merge-routing-tables.js'
import { parseRoutingTable } from './parse-routing-table.js'

describe('a document that is wrong', () => {
  const of = (category: string, ranking: unknown): unknown => ({ categories: { [category]: ranking } })
  const rows: [document: unknown, place: string, allowed: string][] = [
    [[], 'mine.jsonc: ', 'expected object'],
    [{ helth: true }, "mine.jsonc: no 'helth' here", 'health, strongest, categories'],
    [{ health: 'yes' }, 'mine.jsonc: health: ', 'boolean'],
    [{ strongest: [] }, 'mine.jsonc: strongest: ', '>=1'],
    [of('codin', {}), "categories: no 'codin' here", 'math_proof, security_review'],
    [of('coding', { candidates: [] }), 'categories.coding.candidates: ', '>=1'],
    [
      of('coding', { candidates: [{ model: 'opus' }] }),
      'categories.coding.candidates[0].provider: ',
      'string',
    ],
    [
      of('coding', { candidates: [{ provider: 'claude', effort: 'hard' }] }),
      'categories.coding.candidates[0].effort: ',
      '"low"|"medium"|"high"|"xhigh"|"max"|"ultracode"',
    ],
    [of('coding', { composedOf: ['debugging', 'mechanical'] }), "no 'composedOf' here", 'candidates'],
    [
      of('molecular_biology', { composedOf: ['debugging', 'prompt_engineering'] }),
      'categories.molecular_biology.composedOf[1]: ',
      '"math_proof"',
    ],
    [
      of('molecular_biology', { candidates: [{ provider: 'claude', modl: 'opus' }] }),
      "categories.molecular_biology.candidates[0]: no 'modl' here",
      'provider, model, effort',
    ],
  ]
  test.each(rows)('%j', (document, place, allowed) => {
    const read = (): unknown => parseRoutingTable(document, () => 'mine.jsonc')
    expect(read).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    expect(read).toThrow(place)
    expect(read).toThrow(allowed)
  })
})

describe('overrides', () => {
  const goose = { candidates: [{ provider: 'goose' }] }
  const user = parseRoutingTable({ $schema: 'x', health: false, categories: { coding: goose } }, () => 'user')
  const project = parseRoutingTable(
    { categories: { coding: { candidates: [{ provider: 'qwen' }] } } },
    () => 'project',
  )

  test('replace what they give and leave the rest', () => {
    const table = mergeRoutingTables(defaultRoutingTable(), user)
    expect(table).toEqual({
      health: false,
      strongest: defaultRoutingTable().strongest,
      sources: defaultRoutingTable().sources,
      categories: { ...defaultRoutingTable().categories, coding: goose },
    })
  })

  test('lie one on the other, the last on top', () => {
    const table = mergeRoutingTables(defaultRoutingTable(), user, project)
    expect(table.health).toBe(false)
    expect(table.categories.coding).toEqual({ candidates: [{ provider: 'qwen' }] })
  })

  test('may list what is composite by default, and compose it of others', () => {
    const listed = mergeRoutingTables(
      defaultRoutingTable(),
      parseRoutingTable({ categories: { molecular_biology: goose } }, () => 'user'),
    )
    expect(listed.categories.molecular_biology).toEqual(goose)
    const composedOf = ['mechanical', 'coding']
    const other = parseRoutingTable({ categories: { molecular_biology: { composedOf } } }, () => 'user')
    expect(mergeRoutingTables(defaultRoutingTable(), other).categories.molecular_biology).toEqual({
      composedOf,
    })
  })

  test('change whom a deadlock starts from', () => {
    const table = mergeRoutingTables(defaultRoutingTable(), { strongest: [{ provider: 'goose' }] })
    expect(table).toEqual({
      ...table,
      categories: defaultRoutingTable().categories,
      strongest: [{ provider: 'goose' }],
    })
  })
})
