import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer
let host: ManualServer['host']
let session: ManualServer['driver']['sessions'][number]

/** Calls `invoke` without waiting for its answer, and opens the session of its task `a1`. */
beforeEach(async () => {
  server = await startManualServer()
  ;({ host } = server)
  void host.call('invoke', { agent: 'reviewer', task: 'review it' })
  await handled()
  const [opened] = server.driver.sessions
  if (!opened) throw new Error('no session was opened')
  session = opened
  await session.open()
})

afterEach(() => server.close())

const invokeId = 2

/** Cancels the `invoke` call, as a host does after its own timeout. */
function cancel(): void {
  const params = { requestId: invokeId }
  host.write(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }))
}

/** Resolves when the server has handled everything that was sent before. */
const handled = (): Promise<string> => host.call('list')

const answered = (): boolean => host.seen.some(({ id }) => id === invokeId)

/** Expects that the next wait reports the task, and that the one after that does not. */
async function expectTold(caller: typeof host): Promise<void> {
  expect(await caller.call('wait')).toContain('agent a1 "reviewer" turn 1 finished')
  expect(await caller.call('wait')).toBe('no agent is running, next: launch_agent')
}

/** Expects that the task is reported once, and that no agent is left. */
async function expectOnce(caller = host): Promise<void> {
  await expectTold(caller)
  expect(await caller.call('list_agents')).toBe('no agents yet\nnext: launch_agent')
}

test('the progress of invoke names the task from the start', () => {
  const progress = host.seen.find(({ method }) => method === 'notifications/progress')
  expect(progress?.params?.message).toMatch(/^reviewer opus 0s$/)
})

test('a task whose call was cancelled is listed, and waits report its answer once', async () => {
  cancel()
  expect(await host.call('list_agents')).toMatch(/^agent a1 "reviewer", processing, alive/)
  const waiting = host.call('wait')
  await handled()
  session.finish('no fault')
  expect(await waiting).toContain('no fault')
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
  expect(await host.call('wait', { agent_ids: ['a1'] })).toContain('a task is deleted once its result')
  expect(answered()).toBe(false)
})

test('a repeated call with the same arguments continues the running task and returns its answer', async () => {
  const again = (task: string): Promise<string> => host.call('invoke', { agent: 'reviewer', task })
  void again('review it')
  await handled()
  expect(server.driver.sessions).toHaveLength(2)
  cancel()
  const answer = again(' review  it')
  void again('review the rest')
  await handled()
  expect(server.driver.sessions).toHaveLength(3)
  session.finish('no fault')
  expect(await answer).toContain('agent a1 "reviewer" turn 1 finished')
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
})

test('while its invoke is open, wait does not report a task', async () => {
  const waiting = host.call('wait')
  expect(await waiting).toBe('no agent is running, next: launch_agent')
  session.finish()
  while (!answered()) await new Promise(setImmediate)
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
})

test('an answer that is written while its call is cancelled comes with the next wait, once', async () => {
  session.finish()
  while (!answered()) await new Promise(setImmediate)
  cancel()
  await expectOnce()
})

const moments = Array.from({ length: 20 }, (_, tick) => tick)

test.each(moments)('a cancel %i microtasks after the end of its task loses no answer', async (ticks) => {
  session.finish()
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
  cancel()
  await expectOnce()
})

test.each(moments)('an end %i microtasks after the cancel of its call is reported once', async (ticks) => {
  cancel()
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
  session.finish()
  await expectOnce()
})

test('an answer that was received is not reported again after a late cancel', async () => {
  session.finish()
  while (!answered()) await new Promise(setImmediate)
  server.clock.advance(1_000)
  cancel()
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
})

test.each(['at work', 'just answered'])(
  'the task of a disconnected host, %s, is reported to the next host of the project',
  async (when) => {
    if (when === 'just answered') {
      session.finish()
      while (!answered()) await new Promise(setImmediate)
    }
    await server.close()
    server.supervisor.dispatch({ type: 'caller-disconnected', at: 0, caller: 'me' })
    if (when === 'at work') session.finish()
    const next = await server.connect('next')
    await expectTold(next.host)
    // Its own host may be between two daemons: the answer is kept for it.
    expect(await next.host.call('list_agents')).toContain('agent a1 "reviewer", finished')
    await next.close()
  },
)
