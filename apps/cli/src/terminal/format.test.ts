import { expect, test } from 'vitest'
import {
  formatCount,
  formatLongTimeSpan,
  formatMegabytes,
  formatShortTimeSpan,
  formatTurnUsage,
} from './format.js'

const spans: [milliseconds: number, short: string, long: string][] = [
  [-5, '0s', '0.0 s'],
  [1_250, '1s', '1.3 s'],
  [9_960, '9s', '10 s'],
  [59_000, '59s', '59 s'],
  [59_900, '59s', '1 min 0 s'],
  [184_000, '3m', '3 min 4 s'],
  [7_500_000, '2h', '2 h 5 min'],
  [100_000_000, '27h', '27 h 46 min'],
  [432_000_000, '5d', '120 h 0 min'],
]
test.each(spans)('%i ms is %s, %s', (milliseconds, short, long) => {
  expect([formatShortTimeSpan(milliseconds), formatLongTimeSpan(milliseconds)]).toEqual([short, long])
})

const counts: [number: number, text: string][] = [
  [0, '0'],
  [999, '999'],
  [1_000, '1.0k'],
  [9_949, '9.9k'],
  [9_960, '10k'],
  [999_400, '999k'],
  [999_600, '1.0M'],
  [12_000_000, '12M'],
]
test.each(counts)('%i is %s', (number, text) => {
  expect(formatCount(number)).toBe(text)
})

test('memory', () => {
  expect(formatMegabytes(400 * 1024 * 1024)).toBe('400 MB')
  expect(formatMegabytes(189_700_000)).toBe('181 MB')
})

test('usage, as far as it is said', () => {
  const whole = { inputTokens: 12_000, cachedInputTokens: 10_000, outputTokens: 800, costUsd: 0.0412 }
  expect(formatTurnUsage(whole)).toBe('12k tokens in (10k cached), 800 out, $0.04')
  expect(formatTurnUsage({ outputTokens: 800 })).toBe('800 tokens out')
  expect(formatTurnUsage({ costUsd: 1.5 })).toBe('$1.50')
  expect(formatTurnUsage({ costUsd: 0.0004 })).toBe('$0.0004')
  expect(formatTurnUsage({ inputTokens: 0, outputTokens: 0, costUsd: 0.00001 })).toBe('')
  expect(formatTurnUsage({})).toBe('')
})
