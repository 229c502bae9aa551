import { taskCategories } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { readRoutesOrder, type RoutesOrder } from './routes-order.js'

const rows: [words: string[], order: RoutesOrder][] = [
  [[], { explained: false, json: false }],
  [['coding'], { category: 'coding', explained: false, json: false }],
  [['--json', 'coding'], { category: 'coding', explained: false, json: true }],
  [['--explain', 'coding', '--json'], { category: 'coding', explained: true, json: true }],
  [['--explain=coding'], { category: 'coding', explained: true, json: false }],
]
test.each(rows)('%j', (words, order) => {
  expect(readRoutesOrder(words)).toEqual(order)
})

const wrong: [words: string[], code: string, says: string][] = [
  [['codin'], 'unknown-category', "no category 'codin'"],
  [['--explain', 'codin'], 'unknown-category', "no category 'codin'"],
  [['coding', 'debugging'], 'unknown-parameter', 'debugging'],
  [['coding', '--explain', 'debugging'], 'unknown-parameter', 'debugging'],
  [['--explain'], 'unknown-parameter', '--explain'],
  [['--jsn'], 'unknown-parameter', '--jsn'],
]
test.each(wrong)('%j is refused', (words, code, says) => {
  expect(() => readRoutesOrder(words)).toThrow(expect.objectContaining({ code }))
  expect(() => readRoutesOrder(words)).toThrow(says)
})

test('an unknown category names the fifteen', () => {
  const hint = `use one of ${Object.keys(taskCategories).join(', ')}`
  expect(() => readRoutesOrder(['codin'])).toThrow(expect.objectContaining({ hint }))
})
