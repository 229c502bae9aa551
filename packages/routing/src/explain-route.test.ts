import type { Failure } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { tableOf } from './categories.test.support.js'
import { explainRoute } from './explain-route.js'
import type { RoutingTable, RankSource } from './routing-table.js'

const source: RankSource = {
  name: 'a page',
  url: 'https://example.org',
  read: '2026-11-21',
  says: 'it is good',
}
const base = tableOf([
  { provider: 'claude', model: 'opus', why: 'it is good', sources: ['page', 'lost'] },
  { provider: 'codex', effort: 'low' },
])
const table: RoutingTable = {
  ...base,
  sources: { page: source },
  categories: {
    ...base.categories,
    prompt_engineering: { composedOf: ['coding', 'debugging'], why: 'made of both' },
  },
}
const failure: Failure = { reason: 'not-installed', message: 'codex is not installed' }

test('the walk shows each candidate with its reason and its fate', () => {
  const view = explainRoute(table, { category: 'coding' }, ({ provider }) =>
    provider === 'codex' ? failure : undefined,
  )
  expect(view).toEqual({
    category: 'coding',
    pinned: false,
    steps: [
      { candidate: { provider: 'claude', model: 'opus' }, why: 'it is good', sources: [source] },
      { candidate: { provider: 'codex', effort: 'low' }, sources: [], failure },
    ],
  })
})

test('and of whom a composite category is made', () => {
  const view = explainRoute(table, { category: 'prompt_engineering' }, () => undefined)
  expect(view.composition).toEqual({ of: ['coding', 'debugging'], why: 'made of both' })
  expect(view.steps.map(({ from }) => from)).toEqual(['coding', 'coding'])
})
