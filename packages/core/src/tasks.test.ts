import { noRules } from '@subagent-mcp/permissions'
import { expect, test } from 'vitest'
import { answerPermission } from './answer-permission.js'
import { agentFailure, agentStatus } from './agent-view.js'
import { awaitTask, forgetTask, type TaskResult } from './await-task.js'
import type { Blueprint } from './blueprint.js'
import { disconnectCaller } from './disconnect-caller.js'
import { stopAgent } from './end-agents.js'
import { codeOf, createHandHouse, told, type HandHouse } from './hand-house.test.support.js'
import { findAgent, launch } from './launch.js'
import type { Limits } from './limits.js'
import { noPool, type PoolLoad } from './load.js'
import { sendMessage } from './orders.js'

const blueprint: Blueprint = {
  name: 'reviewer',
  candidate: { provider: 'claude', model: 'opus' },
  category: 'quality_review',
  mcp: 'none',
  setup: { appendSystemPrompt: 'You review.', tools: { only: ['Read'] } },
  authority: { preset: 'ask', rules: noRules },
  pool: { agent: 'reviewer', key: 'k1', max: 2, timeoutMs: 300_000 },
}

const never = new AbortController().signal

function startTask(
  house: HandHouse,
  task = 'review it',
  signal = never,
): { id: string; result: Promise<TaskResult> } {
  const { supervisor } = house
  const order = { prompt: task, cwd: '/p', blueprint, onHostExit: 'kill' } as const
  const { id } = launch(supervisor, 'me', order).agent.profile
  return { id, result: awaitTask(supervisor, id, signal) }
}

function statusOf({ supervisor, clock }: HandHouse, id: string): string {
  return agentStatus(findAgent(supervisor, id), { now: clock.now(), stalledAfter: 600_000 })
}

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

test('a task whose caller goes ends in order, and is forgotten', async () => {
  const house = createHandHouse()
  const call = new AbortController()
  const { id, result } = startTask(house, 'review it', call.signal)
  await house.opened()
  call.abort()
  expect((await result).type).toBe('cancelled')
  await Promise.resolve()
  expect(house.supervisor.fleet().agents.has(id)).toBe(false)
})

test('a task that waits for room is called off without a session', async () => {
  const house = createHandHouse({}, { maxTurns: 0 })
  const call = new AbortController()
  const { result } = startTask(house, 'review it', call.signal)
  call.abort()
  expect((await result).type).toBe('cancelled')
  expect(house.driver.sessions).toHaveLength(0)
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

test('a task whose host leaves while it runs ends in order, and is forgotten', async () => {
  const house = createHandHouse()
  const { id } = startTask(house)
  await house.opened()
  disconnectCaller(house.supervisor, 'me')
  await new Promise(setImmediate)
  expect(house.supervisor.fleet().agents.has(id)).toBe(false)
  const stops = house.journal.facts.filter(({ type }) => type === 'stop-requested')
  expect(stops).toEqual([])
})

test('a task that was ended is a failure to who gave it', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  await house.opened()
  await stopAgent(house.supervisor, 'reset', id)
  expect(agentFailure((await result).agent)).toMatchObject({ reason: 'stopped', hint: 'invoke again' })
})

test('a task that a dead supervisor left is forgotten: nobody can ask for it', async () => {
  const first = createHandHouse()
  startTask(first)
  await first.opened()
  const second = createHandHouse()
  second.supervisor.adopt(first.journal.facts)
  expect(second.supervisor.fleet().agents.size).toBe(0)
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
})

test('a task is no agent to talk to, and none that a wait without ids is about', async () => {
  const house = createHandHouse()
  const { id } = startTask(house)
  await house.opened()
  const message = { agentId: id, text: 'more', steer: true, caller: 'me' }
  expect(codeOf(() => sendMessage(house.supervisor, message))).toBe('not-supported')
  expect(await told(house.waiting())).toMatchObject({ news: [], running: [] })
})

test('a task that asked is waited for by its id, and forgotten with its answer', async () => {
  const house = createHandHouse()
  const { id, result } = startTask(house)
  const session = await house.opened()
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: {} })
  await result
  answerPermission(house.supervisor, { agentId: id, decision: 'deny', by: 'http', who: 'me' })
  const waiting = told(house.waiting({ agentIds: [id] }))
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

test.each(['category', 'provider', 'model', 'effort'])('%s is not said beside a definition', (key) => {
  const house = createHandHouse()
  const order = { prompt: 'x', cwd: '/p', blueprint, [key]: 'coding' }
  expect(codeOf(() => launch(house.supervisor, 'me', order))).toBe('invalid-parameter')
})
