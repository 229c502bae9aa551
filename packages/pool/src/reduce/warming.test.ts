import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createManualPool, poolSpec } from '../manual-pool.test.support.js'

const waiting = new AbortController().signal
const prime = 'read these files'

test('two who want it warm share one process, which then waits', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const both = [0, 1].map(() => manual.pool.warm(key, { cache: false, signal: waiting }))
  await manual.newest().opened()
  const process = {
    key,
    agent: 'reviewer',
    project: '/p',
    provider: 'claude',
    pid: 1,
    status: 'warm',
    tasks: 0,
  }
  for (const outcome of await Promise.all(both)) expect(outcome).toMatchObject({ type: 'warm', process })
  expect(await manual.pool.warm(key, { cache: false, signal: waiting })).toMatchObject({ process })
  expect(manual.sessions).toHaveLength(1)
})

test('a task takes the process that is being warmed', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const warm = manual.pool.warm(key, { cache: true, signal: waiting })
  const holder = manual.lease(key)
  await manual.newest().opened()
  await holder.session()
  expect(await warm).toMatchObject({ type: 'warm', process: { status: 'working' } })
  expect(manual.sessions).toHaveLength(1)
})

test('with the cache, a turn is run and forgotten first; its questions are denied', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  let done = false
  const warm = manual.pool.warm(key, { cache: true, signal: waiting }).finally(() => (done = true))
  await manual.newest().opened()
  await calm()
  const deep = manual.newest()
  expect(deep.sent).toMatchObject([{ type: 'prompt' }])
  deep.say({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: {} })
  expect(deep.sent.at(-1)).toMatchObject({ type: 'answer', requestId: 'r', decision: 'deny' })
  const [turn] = deep.sent
  if (turn?.type !== 'prompt') throw new Error('no turn')
  deep.say({ type: 'usage-reported', turnId: turn.turnId, usage: { cacheWriteInputTokens: 9, costUsd: 0.5 } })
  deep.finish('OK')
  await calm()
  expect(done).toBe(false)
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  deep.forgotten()
  expect(await warm).toMatchObject({ type: 'warm', process: { status: 'warm', tasks: 0 } })
  expect(manual.pool.figures('reviewer', '/p')).toEqual({
    ...{ tasks: 0, processes: 1, usage: { cacheWriteInputTokens: 9, costUsd: 0.5 } },
  })
  void manual.pool.warm(key, { cache: true, signal: waiting })
  expect(deep.sent.at(-1)).toMatchObject({ type: 'prompt' })
})

test('what goes wrong is the failure of the warming', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const unopened = manual.pool.warm(key, { cache: false, signal: waiting })
  await manual.newest().failed('signed out')
  expect(await unopened).toMatchObject({ type: 'failed', failure: { message: 'signed out' } })
  const unfilled = manual.pool.warm(key, { cache: true, signal: waiting })
  await manual.newest().opened()
  await calm()
  manual.clock.advance(300_000)
  expect(manual.newest().closes).toEqual(['kill'])
  await manual.newest().gone()
  expect(await unfilled).toMatchObject({ type: 'failed', failure: { reason: 'timed-out' } })
  const abandoned = new AbortController()
  const given = manual.pool.warm(key, { cache: false, signal: abandoned.signal })
  abandoned.abort()
  expect(await given).toMatchObject({ type: 'failed' })
  expect(manual.newest().aborted).toBe(true)
  await calm()
  expect(manual.timers()).toBe(0)
})

test('a primed session starts each task from its prime, by rewinding', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec({ prime }))
  const holder = manual.lease(key)
  await manual.newest().opened()
  const deep = manual.newest()
  expect(deep.sent).toMatchObject([{ type: 'prompt', text: prime }])
  deep.finish('read')
  await holder.session()
  await calm()
  expect(holder.heard).toEqual([{ type: 'session-identified', sessionId: 's1' }])
  await holder.prompt('task')
  deep.finish()
  const end = (await holder.session()).close('graceful')
  expect(deep.sent.at(-1)).toEqual({ type: 'rewind', turnId: 'task-1' })
  deep.forgotten()
  await end
  expect(manual.pool.processes()).toMatchObject([{ status: 'warm', tasks: 1 }])
})

test.each([
  ['it was steered', { rewind: true, steer: true }],
  ['the CLI cannot rewind', { rewind: false, steer: false }],
])('it is reset and primed again where %s', async (_why, { rewind, steer }) => {
  const manual = createManualPool({ rewind })
  const key = manual.pool.addSpec(poolSpec({ prime }))
  const holder = manual.lease(key)
  await manual.newest().opened()
  const deep = manual.newest()
  deep.finish('read')
  await holder.prompt('task')
  if (steer) (await holder.session()).send({ type: 'steer', messageId: 'm', text: 'faster' })
  deep.finish()
  deep.say({ type: 'turn-ended', turnId: 'task-1', outcome: { type: 'completed', answer: 'done' } })
  const end = (await holder.session()).close('graceful')
  expect(deep.sent.at(-1)).toEqual({ type: 'reset' })
  deep.forgotten()
  await end
  expect(deep.sent.at(-1)).toMatchObject({ type: 'prompt', text: prime })
  expect(manual.pool.load()).toMatchObject({ idle: {}, resetting: {}, processes: 1, ending: 0 })
  const next = manual.lease(key)
  deep.finish('read again')
  await next.session()
  expect(manual.sessions).toHaveLength(1)
})

test('a prime that asks or fails fails the task, and its process is discarded', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec({ prime }))
  const asks = manual.lease(key)
  await manual.newest().opened()
  manual.newest().say({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: {} })
  await manual.newest().gone()
  expect(await asks.outcome).toMatchObject({ failure: { reason: 'bad-request' } })
  const fails = manual.lease(key)
  await manual.newest().opened()
  const failure = { reason: 'overloaded', message: 'busy' } as const
  const [turn] = manual.newest().sent
  const turnId = turn?.type === 'prompt' ? turn.turnId : ''
  manual.newest().say({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } })
  await manual.newest().gone()
  expect(await fails.outcome).toEqual({ type: 'failed', failure })
  expect(manual.sessions.map(({ closes }) => closes)).toEqual([['kill'], ['kill']])
})
