import { expect, test } from 'vitest'
import { createAnswerDeadlines } from './deadlines.js'
import { createManualClock } from '../manual-clock.test.support.js'

test('misses what is owed too long, each from its own beginning, and nothing that was paid', () => {
  const clock = createManualClock()
  const missed: string[] = []
  const deadlines = createAnswerDeadlines(clock, 100, (id) => missed.push(id))
  deadlines.follow(['a', 'b'])
  clock.advance(60)
  deadlines.follow(['b', 'c'])
  clock.advance(60)
  expect(missed).toEqual(['b'])
  clock.advance(60)
  expect(missed).toEqual(['b', 'c'])
})
