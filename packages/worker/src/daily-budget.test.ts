import { expect, test } from 'vitest'
import { localDayCalendar, explainSpentBudget, addTurnCostToDay } from './daily-budget.js'
import type { SpentWorkerBudget } from './worker-memory.js'

const day = '2026-03-01'
const spent: SpentWorkerBudget = { day, turns: 1, usd: 0.5, tokens: 100, withoutUsd: 0, withoutTokens: 0 }
const usage = { inputTokens: 10, outputTokens: 5, costUsd: 0.25 }

test.each([
  ['a first turn', undefined, { day, usage, told: true }, { ...spent, usd: 0.25, tokens: 15 }],
  ['a further one', spent, { day, usage, told: true }, { ...spent, turns: 2, usd: 0.75, tokens: 115 }],
  [
    'the first of a new day',
    { ...spent, withoutUsd: 3 },
    { day: '2026-03-02', usage, told: true },
    { ...spent, day: '2026-03-02', usd: 0.25, tokens: 15 },
  ],
  [
    'one that ended, of which nothing is known',
    spent,
    { day, told: true },
    { ...spent, turns: 2, withoutUsd: 1, withoutTokens: 1 },
  ],
  ['one that failed, of which nothing is known', spent, { day, told: false }, { ...spent, turns: 2 }],
])('what is spent after %s', (_title, before, turn, after) => {
  expect(addTurnCostToDay(before, turn)).toEqual(after)
})

test.each([
  ['no budget', {}, spent, undefined],
  ['less spent', { usd: 0.51, tokens: 101 }, spent, undefined],
  ['nothing spent', { usd: 1 }, undefined, undefined],
  ['another day', { usd: 0.1 }, { ...spent, day: '2026-02-28' }, undefined],
  ['as much in USD', { usd: 0.5 }, spent, '0.50 of 0.50 USD'],
  ['more tokens', { tokens: 99 }, spent, '100 of 99 tokens'],
  ['an unknown price', { usd: 1 }, { ...spent, withoutUsd: 1 }, 'cannot be kept'],
  ['unknown tokens', { tokens: 1000 }, { ...spent, withoutTokens: 1 }, 'cannot be kept'],
  ['an unknown price, with a budget in tokens', { tokens: 1000 }, { ...spent, withoutUsd: 1 }, undefined],
])('a turn under a budget with %s', (_title, budget, soFar, reason) => {
  const over = explainSpentBudget(budget, { day, ...(soFar && { spent: soFar }) })
  if (reason === undefined) expect(over).toBeUndefined()
  else expect(over).toContain(reason)
})

test('a local day ends where the next one begins', () => {
  const noon = new Date(2026, 11, 31, 12).getTime()
  expect(localDayCalendar.day(noon)).toBe('2026-12-31')
  const next = localDayCalendar.nextDay(noon)
  expect(localDayCalendar.day(next - 1)).toBe('2026-12-31')
  expect(localDayCalendar.day(next)).toBe('2027-01-01')
})
