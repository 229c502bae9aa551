import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createHouse, recipe, type House } from '../manual-pool.test.support.js'

const { limits } = recipe()

function statuses(house: House): string[] {
  return house.pool.processes().map(({ pid, status }) => `${pid ?? '?'} ${status}`)
}

test('a successor is opened with the last task by count, and takes over when it is ready', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe({ limits: { ...limits, tasks: 2 } }))
  await house.served(key)
  const last = house.lease(key)
  expect(house.sessions).toHaveLength(2)
  expect(statuses(house)).toEqual(['1 working', '? starting'])
  await last.prompt('task')
  house.sessions[0]?.finish()
  const end = (await last.session()).close('graceful')
  house.sessions[0]?.forgotten()
  await end
  expect(statuses(house)).toEqual(['1 warm', '? starting'])
  await house.newest().opened()
  expect(statuses(house)).toEqual(['1 ending', '2 warm'])
  expect(house.sessions[0]?.closes).toEqual(['graceful'])
  await house.sessions[0]?.gone()
  expect(statuses(house)).toEqual(['2 warm'])
})

test('until its successor is ready, it serves on', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe({ limits: { ...limits, tasks: 1 } }))
  const first = house.lease(key)
  await house.sessions[0]?.opened()
  await first.session()
  await (await first.session()).close('graceful')
  const second = house.lease(key)
  await second.session()
  expect(house.sessions).toHaveLength(2)
  await house.newest().failed('no room')
  expect(statuses(house)).toEqual(['1 working'])
  expect(house.logged).toEqual([expect.stringContaining('no room')])
})

test('with limits that any process passes, each task still has just one successor', async () => {
  const house = createHouse({ quick: true })
  const key = house.pool.know(recipe({ limits: { ...limits, tasks: 0, ageMs: 0 } }))
  for (let task = 0; task < 20; task += 1) {
    const lessee = house.lease(key)
    await lessee.prompt('task')
    await calm()
    await (await lessee.session()).close('graceful')
    await calm()
  }
  expect(house.sessions).toHaveLength(21)
  expect(statuses(house)).toEqual(['21 warm'])
})

test.each([
  ['age', (house: House) => house.clock.advance(3_600_000)],
  ['memory', (house: House) => house.memory.set(1, 2e9)],
])('one that is found to have had enough (%s) makes way', async (_what, wear) => {
  const house = createHouse()
  const key = house.pool.know(recipe({ limits: { ...limits, idleMs: 1e9 } }))
  const lessee = await house.taken(key)
  wear(house)
  await lessee.prompt('task')
  house.newest().finish()
  const end = (await lessee.session()).close('graceful')
  house.newest().forgotten()
  await end
  expect(statuses(house)).toEqual(['1 warm', '? starting'])
  await house.newest().opened()
  expect(statuses(house)).toEqual(['1 ending', '2 warm'])
})

test('what a replaced recipe has made ends: at once, or with its task', async () => {
  const house = createHouse()
  const old = house.pool.know(recipe())
  const lessee = await house.taken(old)
  const idle = await house.taken(old)
  await (await idle.session()).close('graceful')
  expect(statuses(house)).toEqual(['1 working', '2 warm'])
  const key = house.pool.know(recipe({ fingerprint: ['2'] }))
  expect(key).not.toBe(old)
  expect(statuses(house)).toEqual(['1 working', '2 ending'])
  await lessee.prompt('task')
  house.sessions[0]?.finish()
  const end = (await lessee.session()).close('graceful')
  expect(house.sessions[0]?.sent.at(-1)).toMatchObject({ type: 'prompt' })
  expect(house.sessions[0]?.closes).toEqual(['graceful'])
  await house.sessions[0]?.gone()
  await end
  expect(lessee.heard.at(-1)).toEqual({ type: 'session-closed' })
  const queued = await house.taken(old)
  void (await queued.session()).close('graceful')
  expect(statuses(house)).toEqual(['2 ending', '3 ending'])
})

test('the same but for its limits is the same; another lane is left alone', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  await house.served(key)
  expect(house.pool.know(recipe({ limits: { ...limits, idleMs: 10 } }))).toBe(key)
  house.pool.know(recipe({ project: '/other' }))
  expect(statuses(house)).toEqual(['1 warm'])
  house.clock.advance(10)
  expect(statuses(house)).toEqual(['1 ending'])
})

test('sessions of a shared process are told apart by its generation, and counted together', async () => {
  const house = createHouse({ shares: true })
  const shared = { ...limits, tasks: 3 }
  const one = house.pool.know(recipe({ agent: 'one', limits: shared }))
  const two = house.pool.know(recipe({ agent: 'two', limits: shared }))
  await house.served(one)
  await house.served(two)
  expect(house.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-1'])
  expect(house.pool.load()).toMatchObject({
    idle: { [one]: 1, [two]: 1 },
    resetting: {},
    processes: 1,
    ending: 0,
  })
  const last = house.lease(one)
  expect(house.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-1', 'pool-2', 'pool-2'])
  expect(house.pool.load().processes).toBe(2)
  for (const deep of house.sessions) await deep.opened()
  expect(statuses(house)).toEqual(['1001 working', '1001 ending', '1002 warm', '1002 warm'])
  await (await last.session()).close('graceful')
  expect(statuses(house)).toEqual(['1001 ending', '1001 ending', '1002 warm', '1002 warm'])
})

test('a shared process that has ended is followed by another', async () => {
  const house = createHouse({ shares: true })
  const key = house.pool.know(recipe())
  await house.served(key)
  house.newest().die()
  await house.taken(key)
  expect(house.newest().spec.processKey).toBe('pool-2')
})

test('a shared process grows with its sessions: over the limit it is given up', async () => {
  const house = createHouse({ shares: true })
  const key = house.pool.know(recipe())
  house.memory.set(1_001, 2e9)
  await house.served(key)
  expect(house.sessions.map(({ spec }) => spec.processKey)).toEqual(['pool-1', 'pool-2'])
})

test('a successor that nobody waits for is not started where there is no room: the old process serves on', async () => {
  const house = createHouse()
  house.room.toSpare = false
  const key = house.pool.know(recipe({ limits: { ...limits, tasks: 1 } }))
  await house.served(key)
  await house.served(key)
  expect(house.sessions).toHaveLength(1)
  house.room.toSpare = true
  await house.served(key)
  expect(house.sessions).toHaveLength(2)
})
