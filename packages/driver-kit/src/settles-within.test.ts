import { expect, test } from 'vitest'
import { settlesWithin } from './settles-within.js'

test('a promise that is rejected in time leaves no timer behind', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await expect(settlesWithin(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no')
  expect(timers()).toBeLessThanOrEqual(before)
})
