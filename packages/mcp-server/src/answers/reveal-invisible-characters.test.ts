import { expect, test } from 'vitest'
import { revealInvisibleCharacters } from './reveal-invisible-characters.js'

test.each([
  ['rm -rf build', 'rm -rf build'],
  ['zwei Wörter, 日本語 and 😀', 'zwei Wörter, 日本語 and 😀'],
  ['a\u001b[2Kb\nc\u007f', 'a\\u{1b}[2Kb\\u{a}c\\u{7f}'],
  ['a\u202eb\u200bc\u2028d', 'a\\u{202e}b\\u{200b}c\\u{2028}d'],
  ['a\u00a0b\u3164c\u{e0041}', 'a\\u{a0}b\\u{3164}c\\u{e0041}'],
  [`ls${' '.repeat(400)}; rm -rf ~`, 'ls[400 spaces]; rm -rf ~'],
])('%j is shown as %j', (text, expected) => {
  expect(revealInvisibleCharacters(text, 100)).toBe(expected)
})

test('a long text keeps both ends, with the number of cut characters', () => {
  const text = revealInvisibleCharacters(`echo ${'x'.repeat(500)}; rm -rf ~`, 40)
  expect(text).toBe(`echo ${'x'.repeat(15)} …[475 characters left out]… ${'x'.repeat(10)}; rm -rf ~`)
})

test('a cut text is well-formed', () => {
  expect(revealInvisibleCharacters('😀'.repeat(100), 41).isWellFormed()).toBe(true)
})
