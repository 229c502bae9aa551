import { expect, test } from 'vitest'
import { repeatAligned } from './clock.js'
import { createManualClock } from './manual-clock.test.support.js'

test('repeated calls are made together at the multiples of their periods, also with timers that are early or late', () => {
  const { clock, fireNext } = createManualClock(1_234)
  const calls: string[] = []
  repeatAligned(clock, 1_000, () => calls.push(`a${clock.now()}`))
  repeatAligned(clock, 3_000, () => calls.push(`b${clock.now()}`))
  for (const late of [0, 5, 0, -5, 0]) fireNext(late)
  expect(calls).toEqual(['a2000', 'b3005', 'a3005', 'a3995', 'a5000'])
})

test('they end when they are told to, also by themselves', () => {
  const { clock, fireNext } = createManualClock()
  let calls = 0
  const end = repeatAligned(clock, 10, () => {
    calls += 1
    if (calls === 2) end()
  })
  for (let times = 0; times < 5; times += 1) fireNext()
  expect(calls).toBe(2)
})
