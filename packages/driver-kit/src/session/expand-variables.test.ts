import { expect, test } from 'vitest'
import { expandVariables } from './mcp-servers.js'

const environment = { TOKEN: 'a "b" \\ ${HOME} $1', EMPTY: '' }

test.each<[unknown, unknown]>([
  ['x ${TOKEN}', 'x a "b" \\ ${HOME} $1'],
  [
    { a: ['${EMPTY}', '${NO:-yes}', 1, null], b: { c: '${TOKEN:-no}' } },
    { a: ['', 'yes', 1, null], b: { c: environment.TOKEN } },
  ],
  ['${EMPTY:-no}', ''],
  // What stands in several strings is none.
  [
    ['${A:-', 'b}'],
    ['${A:-', 'b}'],
  ],
  ['${A:-"}', '"'],
  ['${A:-\n\\}', '\n\\'],
  [undefined, undefined],
])('%j', (value, expected) => {
  expect(expandVariables(value, environment)).toEqual({ value: expected, unset: [] })
})

test('what is not set is named once, and what every object has is not set', () => {
  const { unset } = expandVariables(['${NO}', { a: '${NO} ${constructor}' }], environment)
  expect(unset).toEqual(['NO', 'constructor'])
})
