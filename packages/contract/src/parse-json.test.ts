import { expect, it } from 'vitest'
import { parseJson } from './parse-json.js'

it.each([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  ['', undefined],
  ['{"a":', undefined],
  ['warning: not JSON', undefined],
])('%j', (line, value) => {
  expect(parseJson(line)).toEqual(value)
})
