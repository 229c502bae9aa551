import { expect, test } from 'vitest'
import { fitsGlob } from './glob.js'

test.each([
  ['a*c', 'abc', true],
  ['a*c', 'ac', true],
  ['a*c', 'a/c', false],
  ['a**c', 'a/b/c', true],
  ['src/**/x', 'src/x', true],
  ['src/**/x', 'src/a/b/x', true],
  ['src/**/x', 'src/ax', false],
  ['src/**', 'src', false],
  ['a?c', 'a💥c', true],
  ['a?c', 'a/c', false],
  ['a.c', 'abc', false],
  ['[a]', 'a', false],
  ['', '', true],
])('%s and %s: %s', (pattern, text, expected) => {
  expect(fitsGlob(pattern, text)).toBe(expected)
})

test('no pattern takes long', () => {
  const begin = performance.now()
  expect(fitsGlob('*a'.repeat(20) + 'b', 'a'.repeat(4000), { wholeTree: true })).toBe(false)
  expect(performance.now() - begin).toBeLessThan(2000)
})
