import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createHouse, recipe, type House } from '../manual-pool.test.support.js'

const closed = { type: 'session-closed' }

/** A member that waits, used once. */
async function warmHouse(): Promise<{ house: House; key: string }> {
  const house = createHouse()
  const key = house.pool.know(recipe())
  await house.served(key)
  return { house, key }
}

test('without a key, a driver is as it is', async () => {
  const house = createHouse()
  const opening = house.pool
    .pooled(house.driver)
    .open(recipe().spec, () => undefined, new AbortController().signal)
  await house.newest().opened()
  expect(await opening).toMatchObject({ type: 'opened', pid: 1 })
  expect(house.pool.processes()).toEqual([])
})

test('a session is used again, under the name that it has since its reset', async () => {
  const { house, key } = await warmHouse()
  const lessee = house.lease(key)
  await lessee.outcome
  expect(lessee.heard).toEqual([])
  await calm()
  expect(house.sessions).toHaveLength(1)
  expect(await lessee.outcome).toMatchObject({
    type: 'opened',
    resumable: false,
    pid: 1,
    notes: ['as asked'],
  })
  expect(lessee.heard).toEqual([{ type: 'session-identified', sessionId: 's1.1' }])
})

test('a new session is identified once, and not before it is open', async () => {
  const house = createHouse()
  const lessee = house.lease(house.pool.know(recipe()))
  await house.newest().opened()
  expect((await lessee.outcome).type).toBe('opened')
  await calm()
  expect(lessee.heard).toEqual([{ type: 'session-identified', sessionId: 's1' }])
})

test('a lessee hears of its end when the session has forgotten, and of nothing between', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const lessee = await house.taken(key)
  const deep = house.newest()
  await lessee.prompt('task')
  deep.finish('42')
  const session = await lessee.session()
  const end = session.close('graceful')
  const before = lessee.heard.length
  deep.say({ type: 'notice', text: 'late' })
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  expect(house.pool.processes()).toMatchObject([{ status: 'resetting', tasks: 1 }])
  expect(lessee.heard).toHaveLength(before)
  deep.forgotten()
  await end
  expect(lessee.heard.slice(before)).toEqual([closed])
  session.send({ type: 'prompt', turnId: 'x', text: 'too late' })
  await session.close('kill')
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  expect(house.pool.load()).toMatchObject({ idle: { [key]: 1 }, resetting: {}, processes: 1, ending: 0 })
})

test('the next task can take the session as soon as the end is told', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const lessee = await house.taken(key)
  await lessee.prompt('task')
  house.newest().finish()
  const end = (await lessee.session()).close('graceful')
  house.newest().forgotten()
  expect(lessee.heard.at(-1)).toEqual(closed)
  const next = house.lease(key)
  await Promise.all([end, next.session()])
  expect(house.sessions).toHaveLength(1)
})

test('without a turn there is nothing to forget', async () => {
  const house = createHouse()
  const lessee = await house.taken(house.pool.know(recipe()))
  await (await lessee.session()).close('graceful')
  expect(house.newest().sent).toEqual([])
  expect(house.pool.processes()).toMatchObject([{ status: 'warm', tasks: 0 }])
})

test('a running turn is interrupted first, and its end is nobody’s', async () => {
  const house = createHouse()
  const lessee = await house.taken(house.pool.know(recipe()))
  await lessee.prompt('task')
  const deep = house.newest()
  const before = lessee.heard.length
  const end = (await lessee.session()).close('graceful')
  expect(deep.sent.at(-1)).toEqual({ type: 'interrupt' })
  deep.say({ type: 'turn-ended', turnId: 'task-1', outcome: { type: 'interrupted' } })
  deep.forgotten()
  await end
  expect(lessee.heard.slice(before)).toEqual([closed])
  expect(house.pool.load().processes).toBe(1)
})

test('a turn that does not settle takes its process with it: the next task never hears of it', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const lessee = await house.taken(key)
  await lessee.prompt('task')
  const deep = house.newest()
  const end = (await lessee.session()).close('graceful')
  house.clock.advance(5_000)
  expect(deep.closes).toEqual(['kill'])
  const next = house.lease(key)
  expect(house.sessions).toHaveLength(2)
  deep.finish('late')
  await deep.gone()
  await end
  await house.newest().opened()
  await calm()
  expect(next.heard).toEqual([{ type: 'session-identified', sessionId: 's2' }])
  expect(lessee.heard.at(-1)).toEqual(closed)
  expect(house.logged).toEqual([expect.stringContaining('discarded')])
})

test('the end of a turn that is not its own does not reach a lessee', async () => {
  const { house, key } = await warmHouse()
  const lessee = await house.taken(key)
  await lessee.prompt('mine')
  const deep = house.newest()
  const before = lessee.heard.length
  deep.say({ type: 'turn-ended', turnId: 'task-1', outcome: { type: 'completed', answer: 'old' } })
  deep.say({ type: 'usage-reported', turnId: 'task-1', usage: { inputTokens: 1 } })
  expect(lessee.heard).toHaveLength(before)
  deep.finish('new')
  expect(lessee.heard.at(-1)).toMatchObject({ turnId: 'mine-1', outcome: { answer: 'new' } })
})

test('a reset that comes late is waited for, one that never comes is not', async () => {
  const { house, key } = await warmHouse()
  const lessee = await house.taken(key)
  await lessee.prompt('task')
  const deep = house.newest()
  deep.finish()
  const end = (await lessee.session()).close('graceful')
  house.clock.advance(9_999)
  expect(deep.closes).toEqual([])
  house.clock.advance(1)
  expect(deep.closes).toEqual(['kill'])
  deep.forgotten()
  expect(lessee.heard.at(-1)).not.toEqual(closed)
  await deep.gone()
  await end
  expect(lessee.heard.filter(({ type }) => type === 'session-closed')).toEqual([closed])
  expect(house.pool.processes()).toEqual([])
  expect(house.timers()).toBe(0)
})

test('a kill discards the process, and hurries a graceful end', async () => {
  const { house, key } = await warmHouse()
  const lessee = await house.taken(key)
  await lessee.prompt('task')
  const session = await lessee.session()
  const ends = [session.close('graceful'), session.close('kill'), session.close('graceful')]
  expect(house.newest().closes).toEqual(['kill'])
  await house.newest().gone()
  await Promise.all(ends)
  expect(lessee.heard.filter(({ type }) => type === 'session-closed')).toEqual([closed])
})

test.each(['idle', 'leased', 'settling', 'resetting'])('it may die %s', async (status) => {
  const { house, key } = await warmHouse()
  const deep = house.newest()
  const lessee = status === 'idle' ? undefined : await house.taken(key)
  await lessee?.prompt('task')
  if (status === 'resetting') deep.finish()
  const end = status === 'leased' ? undefined : (await lessee?.session())?.close('graceful')
  deep.die()
  await end
  const failure = status === 'leased' ? { failure: { reason: 'crashed', message: 'died' } } : {}
  if (lessee) expect(lessee.heard.at(-1)).toEqual({ ...closed, ...failure })
  expect(house.pool.processes()).toEqual([])
  const next = await house.taken(key)
  expect(next.heard).toEqual([{ type: 'session-identified', sessionId: 's2' }])
})

test('one that was changed in a way that no reset brings back is not used again', async () => {
  const house = createHouse()
  const lessee = await house.taken(house.pool.know(recipe()))
  const session = await lessee.session()
  session.send({ type: 'configure', model: 'other' })
  void session.close('graceful')
  expect(house.newest().closes).toEqual(['graceful'])
})

test('an opening that is given up is killed; one that others wait for is not', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const alone = house.lease(key)
  alone.opening.abort()
  expect(await alone.outcome).toMatchObject({ type: 'failed' })
  expect(house.newest().aborted).toBe(true)
  const warm = house.pool.warm(key, { cache: false, signal: new AbortController().signal })
  const joined = house.lease(key)
  joined.opening.abort()
  expect(await joined.outcome).toMatchObject({ type: 'failed' })
  expect(house.newest().aborted).toBe(false)
  await house.newest().opened()
  expect(await warm).toMatchObject({ type: 'warm', process: { status: 'warm', pid: 2 } })
})

test('a failure to open is that of the lease', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const lessee = house.lease(key)
  await house.newest().failed('no key')
  expect(await lessee.outcome).toMatchObject({ failure: { reason: 'not-signed-in', message: 'no key' } })
  expect(await house.lease('unknown').outcome).toMatchObject({
    type: 'failed',
    failure: { hint: 'invoke the agent again' },
  })
  expect(lessee.heard).toEqual([])
})

test('idle processes end after a time, unless they are used again', async () => {
  const { house, key } = await warmHouse()
  house.clock.advance(599_999)
  await house.served(key)
  house.clock.advance(599_999)
  expect(house.newest().closes).toEqual([])
  house.clock.advance(1)
  expect(house.newest().closes).toEqual(['graceful'])
  await house.newest().gone()
  expect(house.timers()).toBe(0)
})
