import type { FleetWorker } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { bringUpFleet } from './up.js'

const failed: FleetWorker = {
  ...{ name: 'docs', folder: '/home/me/docs', status: 'restarting', restarts: 1 },
  lastError: 'exit code 1: boom',
}

test('a fleet is brought up from where it is asked, in its environment; what failed is shown', async () => {
  const desk = await startTestContext()
  const { fleet, terminal } = desk
  fleet.is = { file: '/w.yaml', workers: [failed] }
  expect(await bringUpFleet({ file: 'w.yaml', json: false }, desk)).toBe(1)
  expect(fleet.orders).toEqual([{ file: 'w.yaml', cwd: terminal.cwd, environment: { KEY: 'value' } }])
  expect(terminal.said.stdout).toMatch(
    /^NAME +STATUS .*\ndocs +restarting +- +1 +- +~\/docs +exit code 1: boom\n$/,
  )
  expect(terminal.said.stderr).toContain('the fleet stays up')
})

test('it is waited for until each takes messages', async () => {
  const desk = await startTestContext()
  const { fleet, terminal, client } = desk
  const worker = { name: 'shop', folder: terminal.cwd, status: 'running', restarts: 0, pid: 77 } as const
  fleet.is = { file: '/w.yaml', workers: [worker] }
  const coming = bringUpFleet({ file: 'w.yaml', json: true }, desk)
  const hangUp = new AbortController()
  const what = { name: 'shop', capabilities: [], topics: [], environment: {}, cwd: terminal.cwd }
  await client.attend({ ...what, wakes: 'high', pid: 77, startTime: '1' }, hangUp.signal)
  expect(await coming).toBe(0)
  expect(JSON.parse(terminal.said.stdout)).toEqual({ file: '/w.yaml', workers: [worker] })
  hangUp.abort()
})

test('Ctrl-C ends the wait, and so does the time', async () => {
  const desk = await startTestContext()
  const { fleet, terminal } = desk
  fleet.is = {
    file: '/w.yaml',
    workers: [{ name: 'shop', folder: '/shop', status: 'starting', restarts: 0 }],
  }
  expect(await bringUpFleet({ file: 'w.yaml', json: false }, desk, 0)).toBe(1)
  const coming = bringUpFleet({ file: 'w.yaml', json: false }, desk)
  await expect.poll(() => fleet.orders.length).toBe(2)
  await expect
    .poll(() => {
      terminal.interrupt()
      return terminal.said.stderr.match(/fleet stays up/g)?.length
    })
    .toBe(2)
  expect(await coming).toBe(130)
})
