import { isSameProcessRunning } from '@subagent-mcp/driver-kit'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useFleetHouse } from './fleets.test.support.js'
import type { WorkerFleet } from '@subagent-mcp/daemon'

const theHouse = useFleetHouse()
const patience = { timeout: 15_000 }
const started = (name: string, times = 1) =>
  expect.poll(() => theHouse().starts(name).length, patience).toBe(times)
const pidOf = (name: string): number => theHouse().starts(name).at(-1)?.pid ?? 0
const isGone = (pid: number) =>
  expect.poll(() => isSameProcessRunning({ pid, startTime: '-' }), patience).toBe(false)
const statusOf = (fleet: WorkerFleet, name: string) =>
  expect.poll(() => fleet.view().workers.find((worker) => worker.name === name)?.status, patience)

test('workers run in their folders, in the environment of fleet up, until the fleet is stopped', async () => {
  const { open, file, starts, home } = theHouse()
  const fleet = open()
  expect(fleet.isUp()).toBe(false)
  await fleet.up(file('shop, model: opus', 'docs'))
  await Promise.all([started('shop'), started('docs')])
  expect(starts('shop')).toEqual([
    { pid: pidOf('shop'), KEY: "the caller's", words: ['worker', '--name=shop', '--model=opus'] },
  ])
  const running = { status: 'running', restarts: 0 }
  expect(fleet.view()).toMatchObject({
    file: join(home, 'workers.yaml'),
    workers: [
      { ...running, name: 'shop', pid: pidOf('shop'), folder: join(home, 'shop') },
      { ...running, name: 'docs', pid: pidOf('docs') },
    ],
  })
  expect(readFileSync(join(home, 'fleet.json'), 'utf8')).not.toMatch(/the caller's|secret/)
  expect(await fleet.down()).toEqual(['shop', 'docs'])
  expect([fleet.isUp(), fleet.view(), existsSync(join(home, 'fleet.json'))]).toEqual([
    false,
    { workers: [] },
    false,
  ])
  await Promise.all([isGone(pidOf('shop')), isGone(pidOf('docs'))])
  expect(await fleet.down()).toEqual([])
})

test('a killed worker is restarted; a worker that was asked to end is not', async () => {
  const { open, file } = theHouse()
  const fleet = open()
  await fleet.up(file('shop', 'docs'))
  await Promise.all([started('shop'), started('docs')])
  process.kill(pidOf('shop'), 'SIGKILL')
  process.kill(pidOf('docs'), 'SIGTERM')
  await statusOf(fleet, 'docs').toBe('stopped')
  await started('shop', 2)
  await statusOf(fleet, 'shop').toBe('running')
  expect(fleet.view().workers).toMatchObject([{ restarts: 1, lastError: 'SIGKILL' }, { restarts: 0 }])
  expect(theHouse().starts('docs')).toHaveLength(1)
})

test('one that fails too often is given up, until it is brought up again', async () => {
  const { open, file, starts, logged } = theHouse()
  const fleet = open()
  await fleet.up(file('broken'))
  await statusOf(fleet, 'broken').toBe('given-up')
  const lastError = 'exit code 1: subagent-mcp: boom (restarted 1 times within 1 min)'
  expect(fleet.view().workers).toMatchObject([{ restarts: 1, lastError }])
  expect(starts('broken')).toHaveLength(2)
  expect(logged.at(-1)).toBe(`worker broken is given-up: ${lastError}`)
  await fleet.up(file('broken'))
  await started('broken', 3)
})

test('again, it applies what was changed, and leaves the rest alone', async () => {
  const { open, file, starts } = theHouse()
  const fleet = open()
  await fleet.up(file('same', 'changed', 'gone'))
  await Promise.all(['same', 'changed', 'gone'].map((name) => started(name)))
  const before = ['same', 'changed', 'gone'].map(pidOf)
  await fleet.up(file('same', 'changed, model: opus', 'fresh'))
  await Promise.all([started('changed', 2), started('fresh')])
  await Promise.all(before.slice(1).map(isGone))
  expect(fleet.view().workers.map(({ name, pid }) => [name, pid])).toEqual([
    ['same', before[0]],
    ['changed', pidOf('changed')],
    ['fresh', pidOf('fresh')],
  ])
  expect(starts('changed').at(-1)?.words).toContain('--model=opus')
})

test('a worker that ignores SIGTERM is killed', async () => {
  const { open, file } = theHouse()
  const fleet = open()
  await fleet.up(file('stubborn'))
  await started('stubborn')
  expect(await fleet.down()).toEqual(['stubborn'])
  expect(isSameProcessRunning({ pid: pidOf('stubborn'), startTime: '-' })).toBe(false)
})

test('the error of a worker whose folder was deleted names the folder', async () => {
  const { open, file, home } = theHouse()
  const fleet = open()
  const order = file('shop')
  await fleet.up(order)
  await started('shop')
  const pid = pidOf('shop')
  rmSync(join(home, 'shop'), { recursive: true })
  process.kill(pid, 'SIGKILL')
  await statusOf(fleet, 'shop').toBe('given-up')
  expect(fleet.view().workers[0]?.lastError).toContain(`${join(home, 'shop')} is no folder`)
  await expect(fleet.up(order)).rejects.toThrow('workers.yaml:2: workers[0].folder: ')
})

test('with its daemon it ends, and comes up with the next one, in the environment of that', async () => {
  const { open, file, starts } = theHouse()
  const first = open()
  await first.up(file('shop', 'docs'))
  await Promise.all([started('shop'), started('docs')])
  process.kill(pidOf('docs'), 'SIGTERM')
  await statusOf(first, 'docs').toBe('stopped')
  await first.close()
  await isGone(pidOf('shop'))
  await expect(first.up(file('shop'))).rejects.toMatchObject({ code: 'at-capacity' })
  const next = open()
  next.begin()
  await started('shop', 2)
  expect(starts('shop').at(-1)).toMatchObject({ KEY: "the daemon's" })
  expect([next.isUp(), starts('docs').length]).toEqual([true, 1])
})

test('one that a new daemon started without keys is restarted with them by the next order, once', async () => {
  const { open, file, starts } = theHouse()
  const first = open()
  await first.up(file('shop'))
  await started('shop')
  await first.close()
  const next = open()
  next.begin()
  await started('shop', 2)
  expect(next.view().workers).toMatchObject([{ status: 'running', lacks: ['API_KEY'] }])
  await next.up(file('shop'))
  await started('shop', 3)
  expect(starts('shop').map(({ KEY }) => KEY)).toEqual(["the caller's", "the daemon's", "the caller's"])
  await statusOf(next, 'shop').toBe('running')
  const [worker] = next.view().workers
  expect(worker).not.toHaveProperty('lacks')
  await next.up(file('shop'))
  expect(next.view().workers).toEqual([worker])
})

test('an order that comes while the workers of a dead daemon start gives them its keys', async () => {
  const { open, file, leave, starts } = theHouse()
  leave('shop')
  await started('shop')
  process.kill(pidOf('shop'), 'SIGKILL')
  await isGone(pidOf('shop'))
  const next = open()
  await next.up(file('shop'))
  await statusOf(next, 'shop').toBe('running')
  expect(next.view().workers[0]).not.toHaveProperty('lacks')
  await expect.poll(() => starts('shop').at(-1)?.KEY, patience).toBe("the caller's")
})

test('the next daemon takes over the workers of a killed one, and sees how each ends', async () => {
  const { open, leave, starts } = theHouse()
  const names = ['shop', 'docs', 'killed', 'dead']
  leave(...names)
  await Promise.all(names.map((name) => started(name)))
  process.kill(pidOf('dead'), 'SIGKILL')
  await isGone(pidOf('dead'))
  const next = open()
  next.begin()
  await started('dead', 2)
  expect(next.view().workers[0]).toMatchObject({ name: 'shop', status: 'running', pid: pidOf('shop') })
  process.kill(pidOf('docs'), 'SIGTERM')
  process.kill(pidOf('killed'), 'SIGKILL')
  await statusOf(next, 'docs').toBe('stopped')
  await started('killed', 2)
  expect([starts('shop').length, starts('docs').length]).toEqual([1, 1])
  expect(next.view().workers[2]).toMatchObject({ restarts: 1, lastError: 'ended without a word' })
  expect(await next.down()).toEqual(names)
  await isGone(pidOf('shop'))
})

test.skipIf(process.platform === 'win32')(
  'one that was killed before it could keep what it had started leaves nobody alone',
  async () => {
    const { open, leave, starts, home } = theHouse()
    const path = join(home, 'fleet.json')
    leave('shop')
    await started('shop')
    const record = readFileSync(path, 'utf8')
    writeFileSync(path, record.replace(/"life":{[^}]*}}/, '"life":{"status":"starting"}'))
    const next = open()
    next.begin()
    expect(next.view().workers).toMatchObject([{ status: 'running', pid: pidOf('shop'), restarts: 0 }])
    expect(await next.down()).toEqual(['shop'])
    await isGone(pidOf('shop'))
    expect(starts('shop')).toHaveLength(1)
  },
)

test('the fleet of a daemon of another version is not taken over', async () => {
  const { open, file } = theHouse()
  await open(process.ppid).up(file('shop'))
  await started('shop')
  const other = open()
  other.begin()
  expect(other.isUp()).toBe(false)
  const refused = { code: 'already-running', message: `daemon ${process.ppid} of version 1 has the fleet` }
  await expect(other.up(file('shop'))).rejects.toMatchObject(refused)
  await expect(other.down()).rejects.toMatchObject(refused)
  expect(() => other.view()).toThrow(refused.message)
})

test('one fleet is up at a time', async () => {
  const { open, file, home } = theHouse()
  const fleet = open()
  const order = file('shop')
  await fleet.up(order)
  writeFileSync(join(home, 'other.yaml'), 'workers: [folder: shop]')
  await expect(fleet.up({ ...order, file: 'other.yaml' })).rejects.toThrow(
    `the fleet of ${join(home, 'workers.yaml')} is up`,
  )
})

test('an unreadable record is logged, and does not prevent a new fleet', async () => {
  const { open, file, home, logged } = theHouse()
  writeFileSync(join(home, 'fleet.json'), '{')
  const fleet = open()
  fleet.begin()
  expect(logged).toEqual([expect.stringContaining('fleet.json cannot be read')])
  await fleet.up(file('shop'))
  await started('shop')
})
