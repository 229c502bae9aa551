import { expect, test } from 'vitest'
import { formatSafeJson } from './text.js'

test.each([
  [{ a: '日本 😀' }, '{"a":"日本 😀"}'],
  ['hi \u009b;evil&\u009c\u007f', String.raw`"hi \u009b;evil&\u009c\u007f"`],
  ['a\u202eb\u200bc\u2028\u{e0041}', String.raw`"a\u202eb\u200bc\u2028\udb40\udc41"`],
])('%j', (value, text) => {
  expect(formatSafeJson(value)).toBe(text)
  expect(JSON.parse(text)).toEqual(value)
})

test('in lines', () => {
  expect(formatSafeJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}')
})
