import type { WorkerView } from '@subagent-mcp/api'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { bringUpFleet } from './fleet.js'

const failed: WorkerView = {
  ...{ name: 'docs', folder: '/home/me/docs', status: 'restarting', restarts: 1, kept: true },
  lastError: 'boom',
}

/** A context in whose folder there is a fleet file with one worker. */
async function startFleetContext() {
  const context = await startTestContext()
  const { cwd } = context.terminal
  writeFileSync(join(cwd, 'w.yaml'), 'workers: [{ folder: ., name: shop, replicas: 2 }]')
  return context
}

test('a fleet is brought up as its file says, in the environment of the terminal; failures are shown', async () => {
  const context = await startFleetContext()
  const { kept, terminal } = context
  kept.is = { file: '/w.yaml', workers: [failed] }
  expect(await bringUpFleet({ file: 'w.yaml', json: false }, context)).toBe(1)
  expect(kept.plans).toEqual([
    {
      file: join(terminal.cwd, 'w.yaml'),
      workers: [{ name: 'shop', folder: terminal.cwd, replicas: 2 }],
      restarts: { max: 5, minutes: 10 },
      environment: { KEY: 'value' },
    },
  ])
  expect(terminal.said.stdout).toMatch(/^NAME +STATUS .*\ndocs +restarting +1 +- +~\/docs +boom\n$/)
  expect(terminal.said.stderr).toContain('the fleet stays up')
})

test('it is waited for until each worker takes messages', async () => {
  const context = await startFleetContext()
  const { kept, terminal } = context
  const worker = { name: 'shop', folder: terminal.cwd, restarts: 0, kept: true }
  kept.is = { file: '/w.yaml', workers: [{ ...worker, status: 'starting' }] }
  const coming = bringUpFleet({ file: 'w.yaml', json: true }, context)
  await expect.poll(() => kept.plans.length).toBe(1)
  kept.is = { file: '/w.yaml', workers: [{ ...worker, status: 'running' }] }
  expect(await coming).toBe(0)
  expect(JSON.parse(terminal.said.stdout)).toEqual(kept.is)
})

test('Ctrl-C ends the wait, and so does the time', async () => {
  const context = await startFleetContext()
  const { kept, terminal } = context
  const worker = { name: 'shop', folder: '/shop', status: 'starting', restarts: 0, kept: true } as const
  kept.is = { file: '/w.yaml', workers: [worker] }
  expect(await bringUpFleet({ file: 'w.yaml', json: false }, context, 0)).toBe(1)
  const coming = bringUpFleet({ file: 'w.yaml', json: false }, context)
  await expect.poll(() => kept.plans.length).toBe(2)
  await expect
    .poll(() => {
      terminal.interrupt()
      return terminal.said.stderr.match(/fleet stays up/g)?.length
    })
    .toBe(2)
  expect(await coming).toBe(130)
})
