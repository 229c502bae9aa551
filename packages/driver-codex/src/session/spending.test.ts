import { expect, test } from 'vitest'
import { nothingSpent, usageOf, usedAfter } from './spending.js'

const tokens = (count: number) => ({ ...nothingSpent, inputTokens: count, cacheWriteInputTokens: count })

test('a turn has used what its reports add to those before it', () => {
  const first = usedAfter(nothingSpent, { total: tokens(100), last: tokens(10) }, undefined)
  expect(first).toEqual(tokens(10))
  expect(usedAfter(first, { total: tokens(130), last: tokens(20) }, tokens(100))).toEqual(tokens(40))
})

test('nothing written to the cache is left out: Codex says so too when the API says nothing', () => {
  expect(usageOf(nothingSpent)).toEqual({ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 })
  expect(usageOf(tokens(5))).toMatchObject({ cacheWriteInputTokens: 5 })
})
