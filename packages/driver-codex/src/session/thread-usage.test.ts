import { expect, test } from 'vitest'
import { zeroUsage } from '@subagent-mcp/driver-kit'
import { toReportedUsage, computeCodexTurnUsage } from './thread-usage.js'

const tokens = (count: number) => ({ ...zeroUsage, inputTokens: count, cacheWriteInputTokens: count })

test('a turn has used what its reports add to those before it', () => {
  const first = computeCodexTurnUsage(zeroUsage, { total: tokens(100), last: tokens(10) }, undefined)
  expect(first).toEqual(tokens(10))
  expect(computeCodexTurnUsage(first, { total: tokens(130), last: tokens(20) }, tokens(100))).toEqual(
    tokens(40),
  )
})

test('nothing written to the cache is left out: Codex says so too when the API says nothing', () => {
  expect(toReportedUsage(zeroUsage)).toEqual({ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 })
  expect(toReportedUsage(tokens(5))).toMatchObject({ cacheWriteInputTokens: 5 })
})
