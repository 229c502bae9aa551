import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { scaledToMachine, startLimit, untilPasses, untilTrue, withinLimit } from './patience.js'

test('a limit has not passed before its time, and passes after it', async () => {
  const limit = startLimit(1)
  expect(await startLimit(3_600_000).isOver()).toBe(false)
  await vi.waitUntil(() => limit.isOver())
  expect(limit.left()).toBe(0)
})

test('a limit of the product is no shorter here than on an idle machine', async () => {
  expect(await scaledToMachine(10)).toBeGreaterThanOrEqual(10)
})

test('a wait resolves to what came', async () => {
  let looks = 0
  expect(await untilTrue(() => (looks += 1) > 2 && looks)).toBe(3)
  const passes = () => {
    looks += 1
    if (looks < 6) throw new Error('not yet')
    return looks
  }
  expect(await untilPasses(passes)).toBe(6)
})

test('a wait for what does not come rejects, with the last error or with what was waited for', async () => {
  const failing = () => Promise.reject(new Error('still no'))
  await expect(untilPasses(failing, { timeout: 1 })).rejects.toThrow('still no')
  await expect(untilTrue(() => [].length > 0, { timeout: 1 })).rejects.toThrow(
    'become true: () => [].length > 0',
  )
})

test('an error ends a wait for a condition', async () => {
  await expect(untilTrue(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

test('work within a limit settles as it does, work that hangs rejects', async () => {
  expect(await withinLimit(() => pause(1, 'done'), 60_000)).toBe('done')
  await expect(withinLimit(() => Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
  const busy = () => {
    for (const end = performance.now() + 5; performance.now() < end;);
  }
  await expect(withinLimit(busy, 0.001)).rejects.toThrow('longer than its limit')
  await expect(withinLimit(() => new Promise(() => undefined), 1)).rejects.toThrow('longer than its limit')
})

test('poll and waitFor wait by such a limit too', async () => {
  let looks = 0
  const look = () => (looks += 1)
  await expect.poll(look).toBe(3)
  await expect.poll(look).not.toBeLessThan(6)
  await vi.waitFor(() => expect(look()).toBeGreaterThan(8))
  const failing = async () => expect.poll(() => 1, { timeout: 1, message: 'one' }).toBe(2)
  await expect(failing()).rejects.toThrow('one: expected 1 to be 2')
})
