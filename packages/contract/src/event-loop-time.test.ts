import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { callAfterEventLoopTime } from './event-loop-time.js'
import { createManualClock } from './manual-clock.test.support.js'

test('a limit passes in steps, and after sockets had their turn', async () => {
  const { clock, pass } = createManualClock()
  let calls = 0
  callAfterEventLoopTime(clock, 1_000, () => (calls += 1))
  for (let step = 1; step < 10; step += 1) pass(100)
  await nextTurn()
  expect(calls).toBe(0)
  pass(100)
  expect(calls).toBe(0)
  await nextTurn()
  expect(calls).toBe(1)
})

test('a standstill of any length is one step of it', async () => {
  const { clock, pass } = createManualClock()
  let calls = 0
  callAfterEventLoopTime(clock, 1_000, () => (calls += 1))
  for (let step = 0; step < 9; step += 1) pass(60_000)
  await nextTurn()
  expect(calls).toBe(0)
})

test('a cancelled limit never passes, also between its last step and the turn after it', async () => {
  const { clock, pass } = createManualClock()
  let calls = 0
  const [early, late] = [0, 1].map(() => callAfterEventLoopTime(clock, 1_000, () => (calls += 1)))
  early?.()
  for (let step = 0; step < 10; step += 1) pass(100)
  late?.()
  await nextTurn()
  expect(calls).toBe(0)
})
