import { expect, test } from 'vitest'
import { repeatAligned, type Clock } from './clock.js'

/** A clock whose timers fire one after the other, each as many milliseconds late as the test says, early when negative. */
function clockAt(start: number) {
  let now = start
  let timers: { at: number; callback: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after: (milliseconds, callback) => {
      const timer = { at: now + milliseconds, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  const fireNext = (late = 0): void => {
    const [next] = timers.sort((one, other) => one.at - other.at)
    if (!next) return
    timers = timers.filter((other) => other !== next)
    now = Math.max(now, next.at + late)
    next.callback()
  }
  return { clock, fireNext }
}

test('repeated calls are made together at the multiples of their periods, also with timers that are early or late', () => {
  const { clock, fireNext } = clockAt(1_234)
  const calls: string[] = []
  repeatAligned(clock, 1_000, () => calls.push(`a${clock.now()}`))
  repeatAligned(clock, 3_000, () => calls.push(`b${clock.now()}`))
  for (const late of [0, 5, 0, -5, 0]) fireNext(late)
  expect(calls).toEqual(['a2000', 'b3005', 'a3005', 'a3995', 'a5000'])
})

test('they end when they are told to, also by themselves', () => {
  const { clock, fireNext } = clockAt(0)
  let calls = 0
  const end = repeatAligned(clock, 10, () => {
    calls += 1
    if (calls === 2) end()
  })
  for (let times = 0; times < 5; times += 1) fireNext()
  expect(calls).toBe(2)
})
