import { expect, test } from 'vitest'
import { calm } from '../deep-driver.test.support.js'
import { createHouse, recipe } from '../manual-pool.test.support.js'

const waiting = new AbortController().signal

test('a reset of the agent ends all its processes; a running task hears why', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const other = house.pool.know(recipe({ agent: 'other' }))
  await house.served(other)
  const running = await house.taken(key)
  await running.prompt('task')
  const opening = house.lease(key)
  let count: number | undefined
  const reset = house.pool.reset('reviewer', '/p').then((ended) => (count = ended))
  expect(house.sessions.map(({ closes, aborted }) => [...closes, aborted])).toEqual([
    [false],
    ['kill', false],
    [true],
  ])
  const failure = { reason: 'crashed', message: 'killed' } as const
  house.sessions[1]?.say({
    type: 'turn-ended',
    turnId: 'task-1',
    outcome: { type: 'failed', failure },
    sessionEnds: true,
  })
  await calm()
  expect(count).toBeUndefined()
  await house.sessions[1]?.gone()
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
  expect(house.pool.processes().map(({ agent }) => agent)).toEqual(['other'])
  expect(house.pool.processes({ agent: 'reviewer' })).toEqual([])
})

test('closing ends all, also what opens, and nothing opens after it', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  await house.served(key)
  const taken = await house.taken(key)
  const opening = house.lease(key)
  const warm = house.pool.warm(key, { cache: true, signal: waiting })
  const closed = house.pool.close()
  await house.sessions[0]?.gone()
  await closed
  expect(taken.heard.at(-1)).toMatchObject({
    type: 'session-closed',
    failure: { message: 'the pool of processes is closed' },
  })
  for (const outcome of [opening.outcome, warm, house.lease(key).outcome])
    expect((await outcome).type).toBe('failed')
  expect(house.pool.processes()).toEqual([])
  expect(house.timers()).toBe(0)
})

test('the one that was used longest ago is retired first', async () => {
  const house = createHouse()
  const [one, two] = [house.pool.know(recipe({ agent: 'one' })), house.pool.know(recipe({ agent: 'two' }))]
  expect(house.pool.retireLongestIdle()).toBe(false)
  await house.served(one)
  house.clock.advance(1)
  await house.served(two)
  house.clock.advance(1)
  await house.served(one)
  expect(house.pool.retireLongestIdle()).toBe(true)
  expect(house.sessions.map(({ closes }) => closes)).toEqual([[], ['graceful']])
  await house.taken(one)
  expect(house.pool.retireLongestIdle()).toBe(false)
})

test('of a shared process all sessions are retired, when none is leased', async () => {
  const house = createHouse({ shares: true })
  const [one, two] = [house.pool.know(recipe({ agent: 'one' })), house.pool.know(recipe({ agent: 'two' }))]
  await house.served(one)
  const lessee = await house.taken(two)
  expect(house.pool.retireLongestIdle()).toBe(false)
  await (await lessee.session()).close('graceful')
  expect(house.pool.retireLongestIdle()).toBe(true)
  expect(house.sessions.map(({ closes }) => closes)).toEqual([['graceful'], ['graceful']])
})

test('a change of the load is told, and only that', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  const lessee = await house.taken(key)
  expect(house.changes()).toBe(1)
  await (await lessee.session()).close('graceful')
  expect(house.changes()).toBe(2)
  await house.taken(key)
  expect(house.changes()).toBe(3)
})

test('figures are sums of what was said, and outlive the processes', async () => {
  const house = createHouse()
  const key = house.pool.know(recipe())
  for (const usage of [{ inputTokens: 1, cachedInputTokens: 5 }, { inputTokens: 2 }]) {
    const lessee = await house.taken(key)
    await lessee.prompt('task')
    house.newest().say({ type: 'usage-reported', turnId: 'task-1', usage })
    house.newest().finish()
    void (await lessee.session()).close('kill')
    await house.newest().gone()
  }
  const usage = { inputTokens: 3, cachedInputTokens: 5 }
  expect(house.pool.figures('reviewer', '/p')).toEqual({ tasks: 2, processes: 2, usage })
  expect(house.pool.figures('nobody', '/p')).toEqual({ tasks: 0, processes: 0, usage: {} })
})

test('200 tasks at once over 5 agents: never two of them in one session', async () => {
  const house = createHouse({ quick: true })
  const keys = [1, 2, 3, 4, 5].map((agent) => house.pool.know(recipe({ agent: `agent-${agent}` })))
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, task) => {
      const lessee = house.lease(keys[task % 5] ?? '')
      await lessee.prompt(`answer ${task}`)
      await calm()
      await (await lessee.session()).close('graceful')
      await calm()
      return lessee.heard
    }),
  )
  for (const [task, heard] of answers.entries()) {
    expect(heard.map(({ type }) => type)).toEqual(['session-identified', 'turn-ended', 'session-closed'])
    expect(heard[1]).toMatchObject({ outcome: { answer: `answer ${task}` } })
  }
  for (const { sent } of house.sessions) {
    expect(sent.map(({ type }) => type).join(' ')).toMatch(/^(prompt reset ?)*$/)
  }
  expect(house.pool.figures('agent-1', '/p').tasks).toBe(40)
})
