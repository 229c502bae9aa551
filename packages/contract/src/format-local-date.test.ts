import { expect, test } from 'vitest'
import { formatLocalDate } from './format-local-date.js'

test('the day is the one that it is here', () => {
  expect(formatLocalDate(new Date(2026, 0, 5, 0, 0, 1).getTime())).toBe('2026-01-05')
  expect(formatLocalDate(new Date(2026, 10, 21, 23, 59, 59).getTime())).toBe('2026-11-21')
})
