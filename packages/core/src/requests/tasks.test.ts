import { expect, test } from 'vitest'
import { answerPermission } from '../questions/answer-permission.js'
import { agentFailure } from '../agent/agent-view.js'
import { forgetTask } from './await-task.js'
import { stopAgent } from './end-agents.js'
import { codeOf, createHandHouse, told } from '../supervisor/manual-supervisor.test.support.js'
import { findAgent, launch } from '../launch/launch.js'
import type { Limits } from '../capacity/limits.js'
import { noPool, type PoolLoad } from '../capacity/load.js'
import { sendMessage } from './send-message.js'
import { blueprint, receive, startTask, statusOf } from './start-task.test.support.js'

test('a task is over with its one turn, and its session is given back', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  expect(session.spec).toMatchObject({ pool: 'k1', model: 'opus' })
  expect(session.spec.appendSystemPrompt).toBeUndefined()
  session.finish('no fault')
  expect((await result).type).toBe('over')
  expect(findAgent(house.supervisor, id)).toMatchObject({
    phase: { status: 'ended', ending: { type: 'closed' } },
    turns: [{ outcome: { type: 'completed', answer: 'no fault' } }],
  })
  expect(statusOf(house, id)).toBe('finished')
})

test('a task that is forgotten leaves nothing, in memory or in the journal', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  session.finish()
  await result
  await forgetTask(house.supervisor, id)
  expect(house.supervisor.fleet().agents.size).toBe(0)
  expect(house.journal.facts.filter((fact) => 'agentId' in fact)).toEqual([])
})

test('its time stands still while it waits for a permission', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  house.clock.advance(200_000)
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: {} })
  expect((await result).type).toBe('asks')
  house.clock.advance(3_600_000)
  expect(statusOf(house, id)).toBe('permission_requested')
  answerPermission(house.supervisor, { agentId: id, decision: 'allow', by: 'http', who: 'me' })
  house.clock.advance(99_999)
  expect(statusOf(house, id)).toBe('processing')
  house.clock.advance(1)
  expect(statusOf(house, id)).toBe('errored')
})

test('a task out of time fails by itself, whatever its session says later', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  house.clock.advance(300_000)
  const { agent } = await result
  expect(agent.turns).toMatchObject([{ outcome: { type: 'failed', failure: { reason: 'timed-out' } } }])
  session.finish('too late')
  expect(findAgent(house.supervisor, id).turns).toEqual(agent.turns)
})

test('no more tasks of an agent run than it may have; the next begins when one is given back', async () => {
  const house = createHandHouse()
  const [first] = [startTask(house, 'one'), startTask(house, 'two'), startTask(house, 'three')]
  expect(house.driver.sessions).toHaveLength(2)
  await house.driver.sessions[0]?.open()
  house.driver.sessions[0]?.finish()
  await first.result
  expect(house.driver.sessions).toHaveLength(3)
})

test('a warm process needs no room for a new one; idle ones make room for who needs it', () => {
  const house = createHandHouse({}, { maxProcesses: 1 })
  const { supervisor, clock, driver } = house
  const keep = (idle: Record<string, number>): void => {
    const pool = { ...noPool, idle, processes: 1, retirable: true }
    supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool })
  }
  keep({ k1: 1 })
  startTask(house)
  expect(driver.sessions).toHaveLength(1)
  keep({ other: 1 })
  startTask(house, 'another')
  expect(driver.sessions).toHaveLength(1)
  expect(house.retired()).toBeGreaterThan(0)
})

test('a task waits for a process that is being reset, and does not start another', () => {
  const { supervisor, clock, driver, ...house } = createHandHouse()
  const change = (pool: Partial<PoolLoad>): void => {
    const changed = { ...noPool, processes: 1, ...pool }
    supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool: changed })
  }
  change({ resetting: { k1: 1 } })
  startTask({ supervisor, clock, driver, ...house })
  expect(driver.sessions).toHaveLength(0)
  expect(house.retired()).toBe(0)
  change({ resetting: { other: 1 } })
  expect(driver.sessions).toHaveLength(1)
})

test('only as many tasks wait as sessions are being reset', () => {
  const house = createHandHouse()
  const pool = { ...noPool, resetting: { k1: 1 }, processes: 1 }
  house.supervisor.dispatch({ type: 'pool-changed', at: house.clock.now(), pool })
  startTask(house, 'one')
  expect(house.driver.sessions).toHaveLength(0)
  startTask(house, 'two')
  expect(house.driver.sessions).toHaveLength(1)
})

test('a warm process admits one task, and those after it only as the machine has room', () => {
  const house = createHandHouse({}, { maxProcesses: 1 })
  const { supervisor, clock, driver } = house
  const pool = { ...noPool, idle: { k1: 1 }, processes: 1 }
  supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool })
  startTask(house, 'one')
  startTask(house, 'two')
  expect(driver.sessions).toHaveLength(1)
})

test('a task that was ended is a failure to who gave it', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  await house.opened()
  await stopAgent(house.supervisor, 'reset', id)
  expect(agentFailure((await result).agent)).toMatchObject({ reason: 'stopped', hint: 'invoke again' })
})

test('a journal that cannot forget a task ends nothing', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  session.finish()
  await result
  house.journal.full = true
  await forgetTask(house.supervisor, id)
  expect(house.supervisor.fleet().agents.has(id)).toBe(true)
  expect(await told(house.waiting())).toMatchObject({ news: [], running: [] })
})

test('a task is no agent to talk to', async () => {
  const house = createHandHouse()
  const { id } = startTask(house)
  await house.opened()
  const message = { agentId: id, text: 'more', steer: true, caller: 'me' }
  expect(codeOf(() => sendMessage(house.supervisor, message))).toBe('not-supported')
})

test('a task that asked is waited for once its question was received, and forgotten with its answer', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: {} })
  expect((await result).type).toBe('asks')
  receive(house, id)
  answerPermission(house.supervisor, { agentId: id, decision: 'deny', by: 'http', who: 'me' })
  const waiting = told(house.waiting())
  session.finish()
  expect(await waiting).toMatchObject({ news: [[id, 'turn']] })
  expect(house.supervisor.fleet().agents.has(id)).toBe(false)
})

test('tasks do not count as launches, which are few in a minute', () => {
  const limits: Partial<Limits> = { launchesPerMinute: 1 }
  const house = createHandHouse({}, limits)
  startTask(house, 'one')
  startTask(house, 'two')
  expect(codeOf(() => launch(house.supervisor, 'me', { prompt: 'x', cwd: '/p', category: 'coding' }))).toBe(
    'no error',
  )
})

test('an agent of a definition keeps what its sessions are opened with', async () => {
  const house = createHandHouse()
  const { pool: _pool, ...managed } = blueprint
  const order = { prompt: 'x', cwd: '/p', blueprint: managed }
  const { agent } = launch(house.supervisor, 'me', order)
  const session = await house.opened()
  expect(session.spec).toMatchObject({ ...managed.setup, model: 'opus', cwd: '/p' })
  expect(session.spec.pool).toBeUndefined()
  expect(agent.profile).toMatchObject({ name: 'reviewer', category: 'quality_review' })
})
