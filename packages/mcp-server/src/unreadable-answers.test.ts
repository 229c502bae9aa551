import { listAgentsWithUnreadReports } from '@subagent-mcp/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import { callTool, getTask, modern, textOf } from './tasks/play-tasks.test.support.js'

let server: ManualServer
beforeEach(async () => {
  server = await startManualServer()
})
afterEach(() => server.close())

const unread = 'ANSWER NOT READ: the journal cannot be read'

/** Launches an agent that ends after one turn. Its text is then in the journal only. */
async function ended({ launched, host }: ManualServer, text: string): Promise<string> {
  const { id, session } = await launched()
  session.finish(text)
  await host.call('kill_agent', { agent_id: id })
  return id
}

/** Expects that a report without its text does not count as received, and that a wait returns it once the journal can be read. */
async function expectKept({ supervisor, clock, journal, host }: ManualServer, text: string): Promise<void> {
  const openCalls = (): number => supervisor.state().waits.size + supervisor.state().calls.size
  await expect.poll(() => (clock.advance(1_000), openCalls())).toBe(0)
  // A notice would make the host wait again, in vain.
  expect(listAgentsWithUnreadReports(supervisor.state(), { caller: 'me' }).finished).toEqual([])
  expect(await host.call('wait')).toContain(unread)
  journal.readsLeft = Infinity
  expect(await host.call('wait')).toContain(text)
  clock.advance(1_000)
  expect(await host.call('wait')).not.toContain(text)
}

test('a wait returns every report, one of them without its text, and returns that one again', async () => {
  const { host, journal } = server
  await ended(server, 'the work')
  await ended(server, 'other work')
  journal.readsLeft = 1
  const answer = await host.request('tools/call', { name: 'wait', arguments: {} })
  const [a1, a2] = [{ agent: 'a1' }, { agent: 'a3' }]
  const unreadable: unknown = expect.stringContaining(unread)
  expect(answer.result?.['structuredContent']).toMatchObject({
    reports: [{ ...a1, answer: 'the work' }, a1, { ...a2, unreadable }, a2],
  })
  expect(JSON.stringify(answer)).toContain('This report does not count as received: wait returns it again.')
  journal.readsLeft = 0
  await expectKept(server, 'other work')
})

test('a report without its text ends one wait, and is part of the next one that another report ends', async () => {
  const { host, journal, clock, launched, supervisor } = server
  const { session } = await launched()
  const id = await ended(server, 'the work')
  journal.readsLeft = 0
  expect(await host.call('wait')).toContain(unread)
  clock.advance(1_000)
  const first = host.call('wait', { timeout_seconds: 5 })
  await expect.poll(() => supervisor.state().waits.size).toBe(1)
  clock.advance(5_000)
  expect(await first).toContain('timed out')
  const second = host.call('wait', { agent_ids: [id, 'a1'] })
  session.finish('late work')
  expect(await second).toContain('late work')
})

test('an invoke whose answer cannot be read keeps its task', async () => {
  const { host, driver, journal } = server
  const answer = host.request('tools/call', {
    name: 'invoke',
    arguments: { agent: 'reviewer', task: 'review it' },
  })
  await expect.poll(() => driver.sessions.length).toBe(1)
  const [session] = driver.sessions
  await session?.open()
  journal.readsLeft = 0
  session?.finish('no fault')
  const { result } = await answer
  expect([result?.isError, result?.content?.[0]?.text]).toEqual([true, expect.stringContaining(unread)])
  await expectKept(server, 'no fault')
})

test('a task whose result cannot be read has it at the next look', async () => {
  const own = await startManualServer({ ...modern })
  const { id, session } = await own.launched()
  const { taskId } = await callTool(own.host, 'wait')
  session.finish('the work')
  await own.host.call('kill_agent', { agent_id: id })
  own.journal.readsLeft = 0
  expect(textOf(await getTask(own.host, taskId))).toContain(unread)
  own.clock.advance(1_000)
  own.journal.readsLeft = Infinity
  expect(textOf(await getTask(own.host, taskId))).toContain('the work')
  await own.close()
})
