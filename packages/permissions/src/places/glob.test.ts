import { startLimit } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { matchesGlob } from './glob.js'

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
  expect(matchesGlob(pattern, text)).toBe(expected)
})

test('no pattern takes long', async () => {
  const limit = startLimit(2_000)
  expect(matchesGlob('*a'.repeat(20) + 'b', 'a'.repeat(4000), { wholeTree: true })).toBe(false)
  expect(await limit.isOver()).toBe(false)
})
