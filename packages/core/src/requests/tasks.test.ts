import { expect, test } from 'vitest'
import { answerPermission } from '../questions/answer-permission.js'
import { findAgentFailure } from '../agent/agent-view.js'
import { deleteDeliveredTask } from './wait-for-task.js'
import { stopAgent } from './end-agents.js'
import { codeOf, createManualSupervisor, waitSummary } from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import type { SupervisorLimits } from '../capacity/supervisor-limits.js'
import type { PoolLoad } from '@subagent-mcp/contract'
import { emptyPoolLoad } from '../state/agents-state.js'
import { sendMessage } from './send-message.js'
import { loadCurrentTurnText } from '../journal/turn-text.js'
import { template, receive, startTask, statusOf } from './start-task.test.support.js'

test('a task is over with its one turn, and its session is returned', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  expect(session.spec).toMatchObject({ pool: 'k1', model: 'opus' })
  expect(session.spec.appendSystemPrompt).toBeUndefined()
  session.finish('no fault')
  expect((await result).type).toBe('over')
  expect(findAgentByIdOrName(manual.supervisor, id)).toMatchObject({
    phase: { status: 'ended', ending: { type: 'closed' } },
    turns: [{ outcome: { type: 'completed' } }],
  })
  expect(loadCurrentTurnText(manual.supervisor, findAgentByIdOrName(manual.supervisor, id))).toBe('no fault')
  expect(statusOf(manual, id)).toBe('finished')
})

test('a task that is forgotten leaves nothing, in memory or in the journal', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  session.finish()
  await result
  await deleteDeliveredTask(manual.supervisor, id)
  expect(manual.supervisor.state().agents.size).toBe(0)
  expect(manual.journal.facts.filter((fact) => 'agentId' in fact)).toEqual([])
})

test('its time stands still while it waits for a permission', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  manual.clock.advance(200_000)
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: {} })
  expect((await result).type).toBe('asks')
  manual.clock.advance(3_600_000)
  expect(statusOf(manual, id)).toBe('permission_requested')
  answerPermission(manual.supervisor, { agentId: id, decision: 'allow', by: 'http', who: 'me' })
  manual.clock.advance(99_999)
  expect(statusOf(manual, id)).toBe('processing')
  manual.clock.advance(1)
  expect(statusOf(manual, id)).toBe('errored')
})

test('a task out of time fails by itself, whatever its session says later', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  manual.clock.advance(300_000)
  const { agent } = await result
  expect(agent.turns).toMatchObject([{ outcome: { type: 'failed', failure: { reason: 'timed-out' } } }])
  session.finish('too late')
  expect(findAgentByIdOrName(manual.supervisor, id).turns).toEqual(
    agent.turns.map(({ text: _, ...turn }) => turn),
  )
})

test('no more tasks of an agent run than it may have; the next begins when one is returned', async () => {
  const manual = createManualSupervisor()
  const [first] = [startTask(manual, 'one'), startTask(manual, 'two'), startTask(manual, 'three')]
  expect(manual.driver.sessions).toHaveLength(2)
  await manual.driver.sessions[0]?.open()
  manual.driver.sessions[0]?.finish()
  await first.result
  expect(manual.driver.sessions).toHaveLength(3)
})

test('a warm process needs no room; idle processes are ended if an agent needs their room', () => {
  const manual = createManualSupervisor({}, { maxProcesses: 1 })
  const { supervisor, clock, driver } = manual
  const keep = (idle: Record<string, number>): void => {
    const pool = { ...emptyPoolLoad, idle, processes: 1, retirable: true }
    supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool })
  }
  keep({ k1: 1 })
  startTask(manual)
  expect(driver.sessions).toHaveLength(1)
  keep({ other: 1 })
  startTask(manual, 'another')
  expect(driver.sessions).toHaveLength(1)
  expect(manual.retired()).toBeGreaterThan(0)
})

test('a task waits for a process that is being reset, and does not start another', () => {
  const { supervisor, clock, driver, ...manual } = createManualSupervisor()
  const change = (pool: Partial<PoolLoad>): void => {
    const changed = { ...emptyPoolLoad, processes: 1, ...pool }
    supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool: changed })
  }
  change({ resetting: { k1: 1 } })
  startTask({ supervisor, clock, driver, ...manual })
  expect(driver.sessions).toHaveLength(0)
  expect(manual.retired()).toBe(0)
  change({ resetting: { other: 1 } })
  expect(driver.sessions).toHaveLength(1)
})

test('only as many tasks wait as sessions are being reset', () => {
  const manual = createManualSupervisor()
  const pool = { ...emptyPoolLoad, resetting: { k1: 1 }, processes: 1 }
  manual.supervisor.dispatch({ type: 'pool-changed', at: manual.clock.now(), pool })
  startTask(manual, 'one')
  expect(manual.driver.sessions).toHaveLength(0)
  startTask(manual, 'two')
  expect(manual.driver.sessions).toHaveLength(1)
})

test('a warm process admits one task; later tasks wait until the machine has room', () => {
  const manual = createManualSupervisor({}, { maxProcesses: 1 })
  const { supervisor, clock, driver } = manual
  const pool = { ...emptyPoolLoad, idle: { k1: 1 }, processes: 1 }
  supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool })
  startTask(manual, 'one')
  startTask(manual, 'two')
  expect(driver.sessions).toHaveLength(1)
})

test('an ended task is a failure to its caller', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  await manual.opened()
  await stopAgent(manual.supervisor, 'reset', id)
  expect(findAgentFailure((await result).agent)).toMatchObject({ reason: 'stopped', hint: 'invoke again' })
})

test('a journal that cannot forget a task ends nothing', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  session.finish()
  await result
  manual.journal.full = true
  await deleteDeliveredTask(manual.supervisor, id)
  expect(manual.supervisor.state().agents.has(id)).toBe(true)
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [], running: [] })
})

test('a task is no agent to talk to', async () => {
  const manual = createManualSupervisor()
  const { id } = startTask(manual)
  await manual.opened()
  const message = { agentId: id, text: 'more', steer: true, caller: 'me' }
  expect(codeOf(() => sendMessage(manual.supervisor, message))).toBe('not-supported')
})

test('a task that asked is waited for once its question was received, and forgotten with its answer', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  session.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: {} })
  expect((await result).type).toBe('asks')
  receive(manual, id)
  answerPermission(manual.supervisor, { agentId: id, decision: 'deny', by: 'http', who: 'me' })
  const waiting = waitSummary(manual.waiting())
  session.finish()
  expect(await waiting).toMatchObject({ news: [[id, 'turn']] })
  expect(manual.supervisor.state().agents.has(id)).toBe(false)
})

test('tasks do not count as launches, which are few in a minute', () => {
  const limits: Partial<SupervisorLimits> = { launchesPerMinute: 1 }
  const manual = createManualSupervisor({}, limits)
  startTask(manual, 'one')
  startTask(manual, 'two')
  expect(
    codeOf(() =>
      launchSupervisedAgent(manual.supervisor, 'me', { prompt: 'x', cwd: '/p', category: 'coding' }),
    ),
  ).toBe('no error')
})

test('an agent of a definition keeps what its sessions are opened with', async () => {
  const manual = createManualSupervisor()
  const { pool: _pool, ...managed } = template
  const order = { prompt: 'x', cwd: '/p', template: managed }
  const { agent } = launchSupervisedAgent(manual.supervisor, 'me', order)
  const session = await manual.opened()
  expect(session.spec).toMatchObject({ ...managed.setup, model: 'opus', cwd: '/p' })
  expect(session.spec.pool).toBeUndefined()
  expect(agent.profile).toMatchObject({ name: 'reviewer', category: 'quality_review' })
})
