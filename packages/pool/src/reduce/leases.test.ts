import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createManualPool, poolSpec, type ManualPool } from '../manual-pool.test.support.js'

const closed = { type: 'session-closed' }

/** A pool with one idle member, which has served one task. */
async function warmManualPool(): Promise<{ manual: ManualPool; key: string }> {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  await manual.served(key)
  return { manual, key }
}

test('without a key, a driver is as it is', async () => {
  const manual = createManualPool()
  const opening = manual.pool
    .pooled(manual.driver)
    .open(poolSpec().spec, () => undefined, new AbortController().signal)
  await manual.newest().opened()
  expect(await opening).toMatchObject({ type: 'opened', pid: 1 })
  expect(manual.pool.processes()).toEqual([])
})

test('a session is used again, under the name that it has since its reset', async () => {
  const { manual, key } = await warmManualPool()
  const holder = manual.lease(key)
  await holder.outcome
  expect(holder.heard).toEqual([])
  await calm()
  expect(manual.sessions).toHaveLength(1)
  expect(await holder.outcome).toMatchObject({
    type: 'opened',
    resumable: false,
    pid: 1,
    notes: ['as asked'],
  })
  expect(holder.heard).toEqual([{ type: 'session-identified', sessionId: 's1.1' }])
})

test('a new session is identified once, and not before it is open', async () => {
  const manual = createManualPool()
  const holder = manual.lease(manual.pool.addSpec(poolSpec()))
  await manual.newest().opened()
  expect((await holder.outcome).type).toBe('opened')
  await calm()
  expect(holder.heard).toEqual([{ type: 'session-identified', sessionId: 's1' }])
})

test('a closing lease holder gets only session-closed, when the reset of its session is acknowledged', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const holder = await manual.taken(key)
  const deep = manual.newest()
  await holder.prompt('task')
  deep.finish('42')
  const session = await holder.session()
  const end = session.close('graceful')
  const before = holder.heard.length
  deep.say({ type: 'notice', text: 'late' })
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  expect(manual.pool.processes()).toMatchObject([{ status: 'resetting', tasks: 1 }])
  expect(holder.heard).toHaveLength(before)
  deep.forgotten()
  await end
  expect(holder.heard.slice(before)).toEqual([closed])
  session.send({ type: 'prompt', turnId: 'x', text: 'too late' })
  await session.close('kill')
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  expect(manual.pool.load()).toMatchObject({ idle: { [key]: 1 }, resetting: {}, processes: 1, ending: 0 })
})

test('the next task can take the session as soon as the end is reported', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const holder = await manual.taken(key)
  await holder.prompt('task')
  manual.newest().finish()
  const end = (await holder.session()).close('graceful')
  manual.newest().forgotten()
  expect(holder.heard.at(-1)).toEqual(closed)
  const next = manual.lease(key)
  await Promise.all([end, next.session()])
  expect(manual.sessions).toHaveLength(1)
})

test('without a turn there is nothing to forget', async () => {
  const manual = createManualPool()
  const holder = await manual.taken(manual.pool.addSpec(poolSpec()))
  await (await holder.session()).close('graceful')
  expect(manual.newest().sent).toEqual([])
  expect(manual.pool.processes()).toMatchObject([{ status: 'warm', tasks: 0 }])
})

test('a running turn is interrupted first, and its end is nobody’s', async () => {
  const manual = createManualPool()
  const holder = await manual.taken(manual.pool.addSpec(poolSpec()))
  await holder.prompt('task')
  const deep = manual.newest()
  const before = holder.heard.length
  const end = (await holder.session()).close('graceful')
  expect(deep.sent.at(-1)).toEqual({ type: 'interrupt' })
  deep.say({ type: 'turn-ended', turnId: 'task-1', outcome: { type: 'interrupted' } })
  deep.forgotten()
  await end
  expect(holder.heard.slice(before)).toEqual([closed])
  expect(manual.pool.load().processes).toBe(1)
})

test('an interrupted turn that does not end has its process killed: the next task gets none of its events', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const holder = await manual.taken(key)
  await holder.prompt('task')
  const deep = manual.newest()
  const end = (await holder.session()).close('graceful')
  manual.clock.advance(5_000)
  expect(deep.closes).toEqual(['kill'])
  const next = manual.lease(key)
  expect(manual.sessions).toHaveLength(2)
  deep.finish('late')
  await deep.gone()
  await end
  await manual.newest().opened()
  await calm()
  expect(next.heard).toEqual([{ type: 'session-identified', sessionId: 's2' }])
  expect(holder.heard.at(-1)).toEqual(closed)
  expect(manual.logged).toEqual([expect.stringContaining('discarded')])
})

test('the end of a turn that is not its own does not reach a holder', async () => {
  const { manual, key } = await warmManualPool()
  const holder = await manual.taken(key)
  await holder.prompt('mine')
  const deep = manual.newest()
  const before = holder.heard.length
  deep.say({ type: 'turn-ended', turnId: 'task-1', outcome: { type: 'completed', answer: 'old' } })
  deep.say({ type: 'usage-reported', turnId: 'task-1', usage: { inputTokens: 1 } })
  expect(holder.heard).toHaveLength(before)
  deep.finish('new')
  expect(holder.heard.at(-1)).toMatchObject({ turnId: 'mine-1', outcome: { answer: 'new' } })
})

test('a reset that comes late is waited for, one that never comes is not', async () => {
  const { manual, key } = await warmManualPool()
  const holder = await manual.taken(key)
  await holder.prompt('task')
  const deep = manual.newest()
  deep.finish()
  const end = (await holder.session()).close('graceful')
  manual.clock.advance(9_999)
  expect(deep.closes).toEqual([])
  manual.clock.advance(1)
  expect(deep.closes).toEqual(['kill'])
  deep.forgotten()
  expect(holder.heard.at(-1)).not.toEqual(closed)
  await deep.gone()
  await end
  expect(holder.heard.filter(({ type }) => type === 'session-closed')).toEqual([closed])
  expect(manual.pool.processes()).toEqual([])
  expect(manual.timers()).toBe(0)
})

test('a kill discards the process, and hurries a graceful end', async () => {
  const { manual, key } = await warmManualPool()
  const holder = await manual.taken(key)
  await holder.prompt('task')
  const session = await holder.session()
  const ends = [session.close('graceful'), session.close('kill'), session.close('graceful')]
  expect(manual.newest().closes).toEqual(['kill'])
  await manual.newest().gone()
  await Promise.all(ends)
  expect(holder.heard.filter(({ type }) => type === 'session-closed')).toEqual([closed])
})

test.each(['idle', 'leased', 'settleBy', 'resetting'])('it may die %s', async (status) => {
  const { manual, key } = await warmManualPool()
  const deep = manual.newest()
  const holder = status === 'idle' ? undefined : await manual.taken(key)
  await holder?.prompt('task')
  if (status === 'resetting') deep.finish()
  const end = status === 'leased' ? undefined : (await holder?.session())?.close('graceful')
  deep.die()
  await end
  const failure = status === 'leased' ? { failure: { reason: 'crashed', message: 'died' } } : {}
  if (holder) expect(holder.heard.at(-1)).toEqual({ ...closed, ...failure })
  expect(manual.pool.processes()).toEqual([])
  const next = await manual.taken(key)
  expect(next.heard).toEqual([{ type: 'session-identified', sessionId: 's2' }])
})

test('one that was changed in a way that no reset brings back is not used again', async () => {
  const manual = createManualPool()
  const holder = await manual.taken(manual.pool.addSpec(poolSpec()))
  const session = await holder.session()
  session.send({ type: 'configure', model: 'other' })
  void session.close('graceful')
  expect(manual.newest().closes).toEqual(['graceful'])
})

test('an opening that is given up is killed; one that others wait for is not', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const alone = manual.lease(key)
  alone.opening.abort()
  expect(await alone.outcome).toMatchObject({ type: 'failed' })
  expect(manual.newest().aborted).toBe(true)
  const warm = manual.pool.warm(key, { cache: false, signal: new AbortController().signal })
  const joined = manual.lease(key)
  joined.opening.abort()
  expect(await joined.outcome).toMatchObject({ type: 'failed' })
  expect(manual.newest().aborted).toBe(false)
  await manual.newest().opened()
  expect(await warm).toMatchObject({ type: 'warm', process: { status: 'warm', pid: 2 } })
})

test('a failure to open is that of the lease', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const holder = manual.lease(key)
  await manual.newest().failed('no key')
  expect(await holder.outcome).toMatchObject({ failure: { reason: 'not-signed-in', message: 'no key' } })
  expect(await manual.lease('unknown').outcome).toMatchObject({
    type: 'failed',
    failure: { hint: 'invoke the agent again' },
  })
  expect(holder.heard).toEqual([])
})

test('idle processes end after a time, unless they are used again', async () => {
  const { manual, key } = await warmManualPool()
  manual.clock.advance(599_999)
  await manual.served(key)
  manual.clock.advance(599_999)
  expect(manual.newest().closes).toEqual([])
  manual.clock.advance(1)
  expect(manual.newest().closes).toEqual(['graceful'])
  await manual.newest().gone()
  expect(manual.timers()).toBe(0)
})
