import { expect, test } from 'vitest'
import { addUsage, zeroUsage } from '@subagent-mcp/driver-kit'
import { readClaudeTotalUsage, computeClaudeResultUsage } from './result-usage.js'
import { ResultLine } from './wire.js'

const models = {
  opus: {
    inputTokens: 1,
    outputTokens: 2,
    cacheReadInputTokens: 30,
    cacheCreationInputTokens: 400,
    costUSD: 0.1,
  },
  haiku: { inputTokens: 1, outputTokens: 1, costUSD: 0.2 },
}
const spent = {
  inputTokens: 432,
  cachedInputTokens: 30,
  cacheWriteInputTokens: 400,
  outputTokens: 3,
  costUsd: 0.3,
}
const total = ResultLine.parse({ type: 'result', total_cost_usd: 0.3, modelUsage: models })

test('adds the models up, the input with its cached parts', () => {
  expect(readClaudeTotalUsage(total)).toEqual(spent)
})

test('is nothing when the CLI does not say', () => {
  expect(readClaudeTotalUsage(ResultLine.parse({ type: 'result', modelUsage: 7 }))).toEqual(zeroUsage)
})

test('is what the CLI says that a result alone used, whatever the total was before', () => {
  const line = ResultLine.parse({ ...total, total_cost_usd: 9, model_usage_since_last_result: models })
  expect(computeClaudeResultUsage(line, zeroUsage)).toEqual(spent)
  expect(computeClaudeResultUsage({ ...line, model_usage_since_last_result: {} }, zeroUsage)).toEqual(
    zeroUsage,
  )
})

test('is the difference of the totals where the CLI says no more', () => {
  expect(computeClaudeResultUsage(total, { ...zeroUsage, costUsd: 0.1 })).toEqual({ ...spent, costUsd: 0.2 })
})

test('is the whole total when the process began to count again', () => {
  expect(computeClaudeResultUsage(total, { ...spent, inputTokens: 9_999 })).toEqual(spent)
})

test('a sum is without the noise of floats', () => {
  expect(addUsage({ ...zeroUsage, costUsd: 0.1 }, { ...zeroUsage, costUsd: 0.2 }).costUsd).toBe(0.3)
})
