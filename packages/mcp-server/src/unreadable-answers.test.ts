import { listAgentsWithUnreadReports } from '@subagent-mcp/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import { callTool, getTask, modern, textOf } from './tasks/play-tasks.test.support.js'

let server: ManualServer
beforeEach(async () => {
  server = await startManualServer()
})
afterEach(() => server.close())

/** Expects that a failed answer does not count as received, and that the next wait returns the report as a new one. */
async function expectKept({ supervisor, clock, journal, host }: ManualServer, text: string): Promise<void> {
  clock.advance(1_000)
  expect(listAgentsWithUnreadReports(supervisor.state(), { caller: 'me' }).finished).toHaveLength(1)
  journal.readsLeft = Infinity
  const report = await host.call('wait')
  expect(report).toContain(text)
  expect(report).not.toContain('repeated')
}

/** An answer is read twice: for its text, then for its structured content. */
const failingReads = [0, 1]

test.each(failingReads)('a wait whose answer cannot be read at read %i takes no report', async (reads) => {
  const { id, session } = await server.launched()
  session.finish('the work')
  await server.host.call('kill_agent', { agent_id: id })
  server.journal.readsLeft = reads
  expect(await server.host.call('wait')).toContain('io-failed: the journal cannot be read')
  await expectKept(server, 'the work')
})

test.each(failingReads)('an invoke whose answer cannot be read at read %i keeps its task', async (reads) => {
  const { host, driver } = server
  const answer = host.call('invoke', { agent: 'reviewer', task: 'review it' })
  await expect.poll(() => driver.sessions.length).toBe(1)
  const [session] = driver.sessions
  await session?.open()
  server.journal.readsLeft = reads
  session?.finish('no fault')
  expect(await answer).toContain('io-failed: the journal cannot be read')
  await expectKept(server, 'no fault')
})

test.each(failingReads)(
  'a task whose result cannot be read at read %i has it at the next look',
  async (reads) => {
    const own = await startManualServer({ ...modern })
    const { id, session } = await own.launched()
    const { taskId } = await callTool(own.host, 'wait')
    session.finish('the work')
    await own.host.call('kill_agent', { agent_id: id })
    own.journal.readsLeft = reads
    expect((await getTask(own.host, taskId)).resultType).toBe('error')
    own.clock.advance(1_000)
    expect(listAgentsWithUnreadReports(own.supervisor.state(), { caller: 'me' }).finished).toHaveLength(1)
    own.journal.readsLeft = Infinity
    expect(textOf(await getTask(own.host, taskId))).toContain('the work')
    await own.close()
  },
)
