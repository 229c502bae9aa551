import { expect, test } from 'vitest'
import { readClaudeAccountLimits } from './translate.js'
import { ClaudeLine } from './wire.js'

test.each([
  [
    'a warning, as recorded with 2.1.329',
    { status: 'allowed_warning', resetsAt: 1999999999, rateLimitType: 'five_hour', utilization: 0.93 },
    [{ name: 'five_hour', usedPercent: 93, resetsAt: 1999999999000, exhausted: false }],
  ],
  [
    'a limit that was hit, as recorded with 2.1.329',
    { status: 'rejected', resetsAt: 1999999999, rateLimitType: 'five_hour', isUsingOverage: false },
    [{ name: 'five_hour', resetsAt: 1999999999000, exhausted: true }],
  ],
  [
    'a limit that was hit, and paid for',
    { status: 'rejected', rateLimitType: 'seven_day', isUsingOverage: true },
    [{ name: 'seven_day', exhausted: false }],
  ],
  [
    'the windows of the account, of which the nearest is told apart',
    {
      ...{ status: 'allowed', rateLimitType: 'five_hour', utilization: 0.071, resetsAt: 1 },
      unifiedWindows: {
        five_hour: { utilization: 0.07, resetsAt: 1 },
        seven_day: { utilization: 1.2, resetsAt: 2, status: 'rejected' },
      },
    },
    [
      { name: 'five_hour', usedPercent: 7.1, resetsAt: 1000, exhausted: false },
      { name: 'seven_day', usedPercent: 120, resetsAt: 2000, exhausted: true },
    ],
  ],
  ['nothing of a limit', { status: 'allowed' }, []],
  [
    'rubbish',
    { rateLimitType: 'five_hour', utilization: 'much', unifiedWindows: 3 },
    [{ name: 'five_hour', exhausted: false }],
  ],
])('%s', (_, rate_limit_info, limits) => {
  const line = ClaudeLine.parse({ type: 'rate_limit_event', rate_limit_info })
  expect(line.type === 'rate_limit_event' && readClaudeAccountLimits(line.rate_limit_info)).toEqual(limits)
})
