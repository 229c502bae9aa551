import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createManualPool, poolSpec } from '../manual-pool.test.support.js'

const waiting = new AbortController().signal

test('a reset of an agent ends all its processes; a running task gets the reason', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const other = manual.pool.addSpec(poolSpec({ agent: 'other' }))
  await manual.served(other)
  const running = await manual.taken(key)
  await running.prompt('task')
  const opening = manual.lease(key)
  let count: number | undefined
  const reset = manual.pool.reset('reviewer', '/p').then((ended) => (count = ended))
  expect(manual.sessions.map(({ closes, aborted }) => [...closes, aborted])).toEqual([
    [false],
    ['kill', false],
    [true],
  ])
  const failure = { reason: 'crashed', message: 'killed' } as const
  manual.sessions[1]?.say({
    type: 'turn-ended',
    turnId: 'task-1',
    outcome: { type: 'failed', failure },
    sessionEnds: true,
  })
  await calm()
  expect(count).toBeUndefined()
  await manual.sessions[1]?.gone()
  await reset
  expect(count).toBe(2)
  expect(running.heard.slice(-2)).toMatchObject([
    { type: 'turn-ended', outcome: { type: 'failed' } },
    { type: 'session-closed', failure: { message: 'the process was ended: its agent was reset' } },
  ])
  expect(await opening.outcome).toMatchObject({
    type: 'failed',
    failure: { message: 'the process was ended: its agent was reset' },
  })
  expect(manual.pool.processes().map(({ agent }) => agent)).toEqual(['other'])
  expect(manual.pool.processes({ agent: 'reviewer' })).toEqual([])
})

test('closing ends all, also what opens, and nothing opens after it', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  await manual.served(key)
  const taken = await manual.taken(key)
  const opening = manual.lease(key)
  const warm = manual.pool.warm(key, { cache: true, signal: waiting })
  const closed = manual.pool.close()
  await manual.sessions[0]?.gone()
  await closed
  expect(taken.heard.at(-1)).toMatchObject({
    type: 'session-closed',
    failure: { message: 'the pool of processes is closed' },
  })
  for (const outcome of [opening.outcome, warm, manual.lease(key).outcome])
    expect((await outcome).type).toBe('failed')
  expect(manual.pool.processes()).toEqual([])
  expect(manual.timers()).toBe(0)
})

test('the one that was used longest ago is retired first', async () => {
  const manual = createManualPool()
  const [one, two] = [
    manual.pool.addSpec(poolSpec({ agent: 'one' })),
    manual.pool.addSpec(poolSpec({ agent: 'two' })),
  ]
  expect(manual.pool.retireLongestIdle()).toBe(false)
  await manual.served(one)
  manual.clock.advance(1)
  await manual.served(two)
  manual.clock.advance(1)
  await manual.served(one)
  expect(manual.pool.retireLongestIdle()).toBe(true)
  expect(manual.sessions.map(({ closes }) => closes)).toEqual([[], ['graceful']])
  await manual.taken(one)
  expect(manual.pool.retireLongestIdle()).toBe(false)
})

test('of a shared process all sessions are retired, when none is leased', async () => {
  const manual = createManualPool({ shares: true })
  const [one, two] = [
    manual.pool.addSpec(poolSpec({ agent: 'one' })),
    manual.pool.addSpec(poolSpec({ agent: 'two' })),
  ]
  await manual.served(one)
  const holder = await manual.taken(two)
  expect(manual.pool.retireLongestIdle()).toBe(false)
  await (await holder.session()).close('graceful')
  expect(manual.pool.retireLongestIdle()).toBe(true)
  expect(manual.sessions.map(({ closes }) => closes)).toEqual([['graceful'], ['graceful']])
})

test('a change of the load is reported, and only that', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  const holder = await manual.taken(key)
  expect(manual.changes()).toBe(1)
  await (await holder.session()).close('graceful')
  expect(manual.changes()).toBe(2)
  await manual.taken(key)
  expect(manual.changes()).toBe(3)
})

test('figures are sums of what was said, and outlive the processes', async () => {
  const manual = createManualPool()
  const key = manual.pool.addSpec(poolSpec())
  for (const usage of [{ inputTokens: 1, cachedInputTokens: 5 }, { inputTokens: 2 }]) {
    const holder = await manual.taken(key)
    await holder.prompt('task')
    manual.newest().say({ type: 'usage-reported', turnId: 'task-1', usage })
    manual.newest().finish()
    void (await holder.session()).close('kill')
    await manual.newest().gone()
  }
  const usage = { inputTokens: 3, cachedInputTokens: 5 }
  expect(manual.pool.figures('reviewer', '/p')).toEqual({ tasks: 2, processes: 2, usage })
  expect(manual.pool.figures('nobody', '/p')).toEqual({ tasks: 0, processes: 0, usage: {} })
})

test('200 parallel tasks over 5 agents: never two of them in one session', async () => {
  const manual = createManualPool({ quick: true })
  const keys = [1, 2, 3, 4, 5].map((agent) => manual.pool.addSpec(poolSpec({ agent: `agent-${agent}` })))
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, task) => {
      const holder = manual.lease(keys[task % 5] ?? '')
      await holder.prompt(`answer ${task}`)
      await calm()
      await (await holder.session()).close('graceful')
      await calm()
      return holder.heard
    }),
  )
  for (const [task, heard] of answers.entries()) {
    expect(heard.map(({ type }) => type)).toEqual(['session-identified', 'turn-ended', 'session-closed'])
    expect(heard[1]).toMatchObject({ outcome: { answer: `answer ${task}` } })
  }
  for (const { sent } of manual.sessions) {
    expect(sent.map(({ type }) => type).join(' ')).toMatch(/^(prompt reset ?)*$/)
  }
  expect(manual.pool.figures('agent-1', '/p').tasks).toBe(40)
})
