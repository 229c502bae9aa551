import { expect, test } from 'vitest'
import { startManualDaemon } from './manual-daemon.test.support.js'

const order = { file: 'workers.yaml', cwd: '/p' }
const worker = { name: 'shop', folder: '/p', restarts: 0 }

test('a worker process of the fleet counts as running once it has connected', async () => {
  const { client, fleet, folder } = await startManualDaemon()
  const [its, dead] = [
    { ...worker, pid: 77 },
    { ...worker, name: 'dead', lastError: 'exit code 1' },
  ]
  fleet.is = {
    file: '/p/workers.yaml',
    workers: [
      { ...its, status: 'running' },
      { ...dead, status: 'given-up' },
    ],
  }
  expect(await client.fleet()).toEqual({
    file: '/p/workers.yaml',
    workers: [
      { ...its, status: 'starting' },
      { ...dead, status: 'given-up' },
    ],
  })
  const hangUp = new AbortController()
  const what = { name: 'shop', capabilities: [], topics: [], environment: {} }
  await client.attend({ ...what, wakes: 'high', cwd: folder, pid: 77, startTime: '1' }, hangUp.signal)
  expect((await client.fleet()).workers[0]).toEqual({ ...its, status: 'running' })
  hangUp.abort()
})

test('the fleet starts with the environment of the caller, or none, and is stopped', async () => {
  const { client, fleet } = await startManualDaemon()
  await client.fleetUp({ ...order, environment: { KEY: 'secret' }, pid: process.pid })
  await client.fleetUp(order)
  expect(fleet.orders).toEqual([{ ...order, environment: { KEY: 'secret' } }, order])
  fleet.is = { file: '/p/workers.yaml', workers: [{ ...worker, status: 'stopped' }] }
  expect(await client.fleetDown()).toEqual(['shop'])
  expect(await client.fleet()).toEqual({ workers: [] })
})

test('an agent cannot start the fleet, whose workers would have the rights of the user', async () => {
  const { client, fleet } = await startManualDaemon()
  const inside = client.fleetUp({ ...order, environment: { SUBAGENT_MCP_DEPTH: '1' }, pid: 1 })
  await expect(inside).rejects.toMatchObject({ code: 'needs-person' })
  expect(fleet.orders).toEqual([])
})
