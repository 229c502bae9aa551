import { expect, test } from 'vitest'
import { createLeftoverProcesses } from './leftovers.js'

/** Creates the leftovers of a Codex session whose processes end when the test says so; records what has resolved. */
function byHand() {
  const dying: (() => void)[] = []
  const heard: string[] = []
  const leftovers = createLeftoverProcesses(() => new Promise((resolve) => dying.push(resolve)))
  const hear = async (what: string, promise: Promise<void>) => {
    await promise
    heard.push(what)
  }
  const settled = () => new Promise((resolve) => void setImmediate(resolve))
  return { leftovers, dying, heard, hear, settled }
}

test('a reset waits until they are gone', async () => {
  const { leftovers, dying, heard, hear, settled } = byHand()
  void hear('reset', leftovers.end('thread'))
  await settled()
  expect(heard).toEqual([])
  dying[0]?.()
  await settled()
  expect(heard).toEqual(['reset'])
})

test('a session that is left waits for all of them at its end alone', async () => {
  const { leftovers, dying, heard, hear, settled } = byHand()
  void hear('reset', leftovers.end('first'))
  leftovers.leave()
  void hear('leave', leftovers.end('second'))
  void hear('gone', leftovers.gone())
  await settled()
  expect(heard.sort()).toEqual(['leave', 'reset'])
  for (const die of dying) die()
  await settled()
  expect(heard).toContain('gone')
})
