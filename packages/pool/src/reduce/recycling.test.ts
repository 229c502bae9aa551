import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createManualPool, poolSpec, type ManualPool } from '../manual-pool.test.support.js'

const { limits } = poolSpec()

function statuses(manual: ManualPool): string[] {
  return manual.pool.processes().map(({ pid, status }) => `${pid ?? '?'} ${status}`)
}

test('a successor is opened with the last task by count, and takes over when it is ready', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec({ limits: { ...limits, tasks: 2 } }))
  await manual.served(key)
  const last = manual.lease(key)
  expect(manual.sessions).toHaveLength(2)
  expect(statuses(manual)).toEqual(['1 working', '? starting'])
  await last.prompt('task')
  manual.sessions[0]?.finish()
  const end = (await last.session()).close('graceful')
  manual.sessions[0]?.forgotten()
  await end
  expect(statuses(manual)).toEqual(['1 warm', '? starting'])
  await manual.newest().opened()
  expect(statuses(manual)).toEqual(['1 ending', '2 warm'])
  expect(manual.sessions[0]?.closes).toEqual(['graceful'])
  await manual.sessions[0]?.gone()
  expect(statuses(manual)).toEqual(['2 warm'])
})

test('until its successor is ready, it serves on', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec({ limits: { ...limits, tasks: 1 } }))
  const first = manual.lease(key)
  await manual.sessions[0]?.opened()
  await first.session()
  await (await first.session()).close('graceful')
  const second = manual.lease(key)
  await second.session()
  expect(manual.sessions).toHaveLength(2)
  await manual.newest().failed('no room')
  expect(statuses(manual)).toEqual(['1 working'])
  expect(manual.logged).toEqual([expect.stringContaining('no room')])
})

test('with limits that any process passes, each task still has just one successor', async () => {
  const manual = createManualPool({ quick: true })
  const key = manual.pool.addSpec(poolSpec({ limits: { ...limits, tasks: 0, ageMs: 0 } }))
  for (let task = 0; task < 20; task += 1) {
    const holder = manual.lease(key)
    await holder.prompt('task')
    await calm()
    await (await holder.session()).close('graceful')
    await calm()
  }
  expect(manual.sessions).toHaveLength(21)
  expect(statuses(manual)).toEqual(['21 warm'])
})

test.each([
  ['age', (manual: ManualPool) => manual.clock.advance(3_600_000)],
  ['memory', (manual: ManualPool) => manual.memory.set(1, 2e9)],
])('one that is found to have had enough (%s) makes way', async (_what, wear) => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec({ limits: { ...limits, idleMs: 1e9 } }))
  const holder = await manual.taken(key)
  wear(manual)
  await holder.prompt('task')
  manual.newest().finish()
  const end = (await holder.session()).close('graceful')
  manual.newest().forgotten()
  await end
  expect(statuses(manual)).toEqual(['1 warm', '? starting'])
  await manual.newest().opened()
  expect(statuses(manual)).toEqual(['1 ending', '2 warm'])
})

test('what a replaced pool spec has made ends: immediately, or with its task', async () => {
  const manual = createManualPool()
  const old = manual.pool.addSpec(poolSpec())
  const holder = await manual.taken(old)
  const idle = await manual.taken(old)
  await (await idle.session()).close('graceful')
  expect(statuses(manual)).toEqual(['1 working', '2 warm'])
  const key = manual.pool.addSpec(poolSpec({ fingerprint: ['2'] }))
  expect(key).not.toBe(old)
  expect(statuses(manual)).toEqual(['1 working', '2 ending'])
  await holder.prompt('task')
  manual.sessions[0]?.finish()
  const end = (await holder.session()).close('graceful')
  expect(manual.sessions[0]?.sent.at(-1)).toMatchObject({ type: 'prompt' })
  expect(manual.sessions[0]?.closes).toEqual(['graceful'])
  await manual.sessions[0]?.gone()
  await end
  expect(holder.heard.at(-1)).toEqual({ type: 'session-closed' })
  const queued = await manual.taken(old)
  void (await queued.session()).close('graceful')
  expect(statuses(manual)).toEqual(['2 ending', '3 ending'])
})

test('the same but for its limits is the same; another lane is left alone', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  await manual.served(key)
  expect(manual.pool.addSpec(poolSpec({ limits: { ...limits, idleMs: 10 } }))).toBe(key)
  manual.pool.addSpec(poolSpec({ project: '/other' }))
  expect(statuses(manual)).toEqual(['1 warm'])
  manual.clock.advance(10)
  expect(statuses(manual)).toEqual(['1 ending'])
})

test('sessions of a shared process are told apart by its generation, and counted together', async () => {
  const manual = createManualPool({ shares: true })
  const shared = { ...limits, tasks: 3 }
  const one = manual.pool.addSpec(poolSpec({ agent: 'one', limits: shared }))
  const two = manual.pool.addSpec(poolSpec({ agent: 'two', limits: shared }))
  await manual.served(one)
  await manual.served(two)
  expect(manual.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-1'])
  expect(manual.pool.load()).toMatchObject({
    idle: { [one]: 1, [two]: 1 },
    resetting: {},
    processes: 1,
    ending: 0,
  })
  const last = manual.lease(one)
  expect(manual.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-1', 'pool-2', 'pool-2'])
  expect(manual.pool.load().processes).toBe(2)
  for (const deep of manual.sessions) await deep.opened()
  expect(statuses(manual)).toEqual(['1001 working', '1001 ending', '1002 warm', '1002 warm'])
  await (await last.session()).close('graceful')
  expect(statuses(manual)).toEqual(['1001 ending', '1001 ending', '1002 warm', '1002 warm'])
})

test('a shared process that has ended is followed by another', async () => {
  const manual = createManualPool({ shares: true })
  const key = manual.pool.addSpec(poolSpec())
  await manual.served(key)
  manual.newest().die()
  await manual.taken(key)
  expect(manual.newest().spec.processKey).toBe('pool-2')
})

test('a shared process grows with its sessions: over the limit it is given up', async () => {
  const manual = createManualPool({ shares: true })
  const key = manual.pool.addSpec(poolSpec())
  manual.memory.set(1_001, 2e9)
  await manual.served(key)
  expect(manual.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-2'])
})

test('a successor that nobody waits for is not started where there is no room: the old process serves on', async () => {
  const manual = createManualPool()
  manual.room.toSpare = false
  const key = manual.pool.addSpec(poolSpec({ limits: { ...limits, tasks: 1 } }))
  await manual.served(key)
  await manual.served(key)
  expect(manual.sessions).toHaveLength(1)
  manual.room.toSpare = true
  await manual.served(key)
  expect(manual.sessions).toHaveLength(2)
})
