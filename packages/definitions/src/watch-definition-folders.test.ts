import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchDefinitionFolders } from './watch-definition-folders.js'

let root: string
let agents: string
let changes: number
let stop: () => void

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watch-folders-'))
  agents = join(root, 'house', 'agents')
  changes = 0
  stop = watchDefinitionFolders([agents, join(root, 'elsewhere', 'agents')], () => {
    changes += 1
  })
})

afterEach(() => {
  stop()
  rmSync(root, { recursive: true })
})

/** Waits until a change is reported after `act`. */
async function seen(act: () => void): Promise<void> {
  const before = changes
  act()
  await expect.poll(() => changes).toBeGreaterThan(before)
  // The system may report one change in several events.
  let last = -1
  while (last !== changes) {
    last = changes
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('folders that are created step by step are watched, and so are those that come again', async () => {
  await seen(() => mkdirSync(join(root, 'house')))
  await seen(() => mkdirSync(agents))
  await seen(() => {
    writeFileSync(join(agents, 'a.md'), 'one')
  })
  await seen(() => {
    writeFileSync(join(agents, 'a.md'), 'two')
  })
  await seen(() => {
    rmSync(join(root, 'house'), { recursive: true })
  })
  await seen(() => mkdirSync(agents, { recursive: true }))
  await seen(() => {
    writeFileSync(join(agents, 'b.md'), 'three')
  })
})

test('other files in the parents of missing folders are no change, and nothing is reported after the end', async () => {
  writeFileSync(join(root, 'notes.txt'), 'x')
  await seen(() => mkdirSync(join(root, 'house')))
  const before = changes
  writeFileSync(join(root, 'notes.txt'), 'y')
  writeFileSync(join(root, 'house', 'notes.txt'), 'y')
  stop()
  mkdirSync(agents)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(changes).toBe(before)
})
