import { expect, test } from 'vitest'
import { createWorkQueue } from './agent-process.js'

test('work begins when the work before it has ended, and each caller gets its own result', async () => {
  const inSequence = createWorkQueue()
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await new Promise(setImmediate)
    seen.push(`${name} ends`)
    return name
  }
  expect(await Promise.all([inSequence(work('a')), inSequence(work('b'))])).toEqual(['a', 'b'])
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})
