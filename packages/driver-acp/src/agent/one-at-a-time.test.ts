import { expect, test } from 'vitest'
import { oneAtATime } from './one-at-a-time.js'

test('the next begins when the one before it has ended, and each gets its own answer', async () => {
  const queue = oneAtATime()
  const seen: string[] = []
  const act = (name: string) => async () => {
    seen.push(`${name} begins`)
    await new Promise(setImmediate)
    seen.push(`${name} ends`)
    return name
  }
  expect(await Promise.all([queue(act('a')), queue(act('b'))])).toEqual(['a', 'b'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})
