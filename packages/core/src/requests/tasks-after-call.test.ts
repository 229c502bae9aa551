import type { ManualSession } from '@subagent-mcp/testkit'
import type { SessionCommand } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { closeTaskCall } from './wait-for-task.js'
import { disconnectCaller } from './caller-connection.js'
import { stopAgent } from './end-agents.js'
import {
  createManualSupervisor,
  waitSummary,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import type { Fact } from '../state/fact.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { applyFactWithoutAdmission } from '../state/reduce-agents.js'
import { receive, startTask, statusOf } from './start-task.test.support.js'

/** Starts a task whose call is cancelled while the task runs. */
async function leftTask(manual: ManualSupervisor): Promise<{ id: string; session: ManualSession }> {
  const call = new AbortController()
  const { id, result } = startTask(manual, 'review it', call.signal)
  const session = await manual.opened()
  call.abort()
  expect((await result).type).toBe('cancelled')
  return { id, session }
}

test('a task whose call is cancelled continues, and the next wait has its answer, once', async () => {
  const manual = createManualSupervisor()
  const { id, session } = await leftTask(manual)
  expect(statusOf(manual, id)).toBe('processing')
  const waiting = waitSummary(manual.waiting())
  session.finish('no fault')
  expect(await waiting).toMatchObject({ news: [[id, 'turn']] })
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [], running: [] })
  expect(manual.supervisor.state().agents.size).toBe(0)
  expect(manual.journal.facts.filter((fact) => 'agentId' in fact)).toEqual([])
})

test('a task whose call is cancelled as its answer comes is reported by the wait that is open', async () => {
  const manual = createManualSupervisor()
  const call = new AbortController()
  const { id, result } = startTask(manual, 'review it', call.signal)
  const session = await manual.opened()
  const other = await manual.launched()
  const waiting = waitSummary(manual.waiting())
  session.finish()
  call.abort()
  // It was over first: who called it says that its answer is lost.
  expect((await result).type).toBe('over')
  closeTaskCall(manual.supervisor, id)
  expect(await waiting).toMatchObject({ news: [[id, 'turn']], running: [other.id] })
})

test('while its call is open no wait tells of a task, by its id neither; one by its id waits for the call', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = await manual.opened()
  const waiting = waitSummary(manual.waiting({ agentIds: [id] }))
  session.finish()
  await result
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [], running: [] })
  receive(manual, id)
  expect(await waiting).toMatchObject({ type: 'done', news: [], running: [] })
  expect(manual.supervisor.state().agents.size).toBe(0)
})

test('an answer that was received before the session is returned is not reported again, also not after a restart', async () => {
  const manual = createManualSupervisor()
  const { id, result } = startTask(manual)
  const session = manual.driver.sessions[0]
  const send = (command: SessionCommand): unknown => session?.sent.push(command)
  // Its reset is not acknowledged.
  await session?.open({ type: 'opened', session: { send, close: () => Promise.resolve() } })
  session?.finish()
  await result
  receive(manual, id)
  expect(findAgentByIdOrName(manual.supervisor, id).phase.status).toBe('closing')
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [], running: [] })
  const next = createManualSupervisor()
  next.supervisor.adopt(manual.journal.facts)
  expect(next.supervisor.state().agents.size).toBe(0)
})

test('a task that was left fails when its time is over', async () => {
  const manual = createManualSupervisor()
  const { id } = await leftTask(manual)
  manual.clock.advance(300_000)
  expect(statusOf(manual, id)).toBe('errored')
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'turn']] })
})

test('a task whose call has ended can be killed like any agent, and is deleted without a report to the killer', async () => {
  const manual = createManualSupervisor()
  const { id } = await leftTask(manual)
  await stopAgent(manual.supervisor, 'me', id)
  expect(manual.supervisor.state().agents.has(id)).toBe(false)
})

test('a task that was left is for another connection only to look at, while its own is there', async () => {
  const manual = createManualSupervisor()
  const { id, session } = await leftTask(manual)
  manual.connect('other')
  session.finish()
  expect(await waitSummary(manual.waiting({ caller: 'other', agentIds: [id] }))).toMatchObject({
    news: [[id, 'turn']],
  })
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'turn']] })
  expect(manual.supervisor.state().agents.has(id)).toBe(false)
})

test('a task whose host leaves continues, and the next host of the project has its answer, once; so has its own that comes back', async () => {
  const manual = createManualSupervisor()
  const { id, session } = await leftTask(manual)
  disconnectCaller(manual.supervisor, 'me')
  manual.connect('next')
  session.finish()
  expect(await waitSummary(manual.waiting({ caller: 'next' }))).toMatchObject({ news: [[id, 'turn']] })
  expect(await waitSummary(manual.waiting({ caller: 'next' }))).toMatchObject({ news: [], running: [] })
  manual.connect('me')
  expect(await waitSummary(manual.waiting({ caller: 'me' }))).toMatchObject({ news: [[id, 'turn']] })
  expect(manual.supervisor.state().agents.size).toBe(0)
})

test('a running task of a dead supervisor is reported as interrupted, a finished one with its answer', async () => {
  const first = createManualSupervisor()
  const { id: done, result } = startTask(first)
  const session = await first.opened()
  session.finish('no fault')
  await result
  const { id: cut } = startTask(first, 'another')
  await first.opened()
  const second = createManualSupervisor()
  second.supervisor.adopt(first.journal.facts)
  disconnectCaller(second.supervisor, 'me')
  second.connect('next')
  expect(await waitSummary(second.waiting({ caller: 'next' }))).toMatchObject({
    news: [
      [done, 'turn'],
      [cut, 'ending'],
    ],
    running: [],
  })
  expect(await waitSummary(second.waiting({ caller: 'next' }))).toMatchObject({ news: [], running: [] })
})

const opened: Fact = { type: 'call-opened', at: 0, taskId: 'a1' }
const closed: Fact = { type: 'call-closed', at: 0, taskId: 'a1' }
const pruned: Fact = { type: 'agents-pruned', at: 0, agentIds: ['a1'] }
const lives: [name: string, facts: Fact[], open: string[]][] = [
  ['is open', [opened], ['a1']],
  ['is open once', [opened, opened], ['a1']],
  ['is closed', [opened, closed], []],
  ['is closed once', [closed, opened, closed, closed], []],
  ['opens again, for its next round', [opened, closed, opened], ['a1']],
  ['is gone with its task', [opened, pruned], []],
  ['is of no task that is unknown', [{ ...opened, taskId: 'a9' }], []],
]

test.each(lives)('the call of a task %s', (_name, facts, open) => {
  const manual = createManualSupervisor()
  startTask(manual)
  const before = manual.supervisor.state()
  const after = facts.reduce((fleet, fact) => applyFactWithoutAdmission(fleet, fact)[0], {
    ...before,
    calls: before.calls.clear(),
  })
  expect([...after.calls]).toEqual(open)
})
