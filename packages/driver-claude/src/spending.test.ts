import { expect, test } from 'vitest'
import { nothingSpent, spendingAt, spentSince } from './spending.js'
import { ResultLine } from './wire.js'

const result = ResultLine.parse({
  type: 'result',
  total_cost_usd: 0.3,
  modelUsage: {
    opus: { inputTokens: 1, outputTokens: 2, cacheReadInputTokens: 30, cacheCreationInputTokens: 400 },
    haiku: { inputTokens: 1, outputTokens: 1 },
  },
})
const spent = {
  inputTokens: 432,
  cachedInputTokens: 30,
  cacheWriteInputTokens: 400,
  outputTokens: 3,
  costUsd: 0.3,
}

test('adds the models up, the input with its cached parts', () => {
  expect(spendingAt(result)).toEqual(spent)
})

test('is nothing when the CLI does not say', () => {
  expect(spendingAt(ResultLine.parse({ type: 'result', modelUsage: 7 }))).toEqual(nothingSpent)
})

test('counts a turn alone, without the noise of floats', () => {
  expect(spentSince({ ...nothingSpent, costUsd: 0.1 }, spent)).toEqual({ ...spent, costUsd: 0.2 })
})

test('takes all, when the process began to count again', () => {
  expect(spentSince({ ...spent, inputTokens: 9_999 }, spent)).toEqual(spent)
})
