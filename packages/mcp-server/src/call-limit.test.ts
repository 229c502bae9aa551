import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer
let host: ManualServer['host']

beforeEach(async () => {
  server = await startManualServer()
  ;({ host } = server)
})

afterEach(() => server.close())

/** Resolves when the server has handled everything that was sent before. */
const handled = (): Promise<string> => host.call('list_agents')

test.each([{}, { timeout_seconds: 3600 }])(
  'wait %o of an unknown host returns before 60 s with a line for each agent, and the next one has the report',
  async (input) => {
    const [first, second] = [await server.launched(), await server.launched()]
    const waiting = host.call('wait', input)
    await handled()
    server.clock.advance(50_000)
    expect(await waiting).toMatch(
      new RegExp(
        `^agent ${first.id}, processing, .*\nagent ${second.id}, processing, .*\n` +
          'ended after 50 s, because this host gives a call up after 60 s, 2 still running, next: wait again, .*$',
      ),
    )
    first.session.finish('late')
    expect(await host.call('wait')).toContain('late')
  },
)

test('a shorter timeout of wait stays as it is', async () => {
  await server.launched()
  const waiting = host.call('wait', { timeout_seconds: 20 })
  await handled()
  server.clock.advance(20_000)
  expect(await waiting).toMatch(/\ntimed out, 1 still running, /)
})

test('a host that gives up before the server answers loses no report', async () => {
  const { session } = await server.launched()
  void host.call('wait')
  await new Promise(setImmediate)
  server.clock.advance(40_000)
  host.cancel()
  await handled()
  session.finish('kept')
  expect(await host.call('wait')).toContain('kept')
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
})

test('invoke returns before the limit, and the next wait has the answer of its task, once', async () => {
  const call = host.call('invoke', { agent: 'reviewer', task: 'review it' })
  await handled()
  const [session] = server.driver.sessions
  await session?.open()
  server.clock.advance(50_000)
  expect(await call).toMatch(
    /^agent a1 "reviewer", processing, .*\nended after 50 s, because .* after 60 s, 1 still running, next: wait$/,
  )
  session?.finish('no fault')
  expect(await host.call('wait')).toContain('no fault')
  expect(await host.call('wait')).toBe('no agent is running, next: launch_agent')
})

test('the limit that a connection states decides', async () => {
  const { host: patient, close } = await server.connect('patient', { callLimit: () => 3600 })
  const { id, session } = await server.launched()
  const waiting = patient.call('wait', { agent_ids: [id] })
  await patient.call('list_agents')
  server.clock.advance(899_000)
  session.finish('after 15 minutes')
  expect(await waiting).toContain('after 15 minutes')
  await close()
})

test('a wait for messages ends before the limit too', async () => {
  const waiting = host.call('chat', { action: 'wait' })
  await handled()
  server.clock.advance(50_000)
  expect(await waiting).toMatch(/^ended after 50 s, because .*: no message\nnext: chat wait again/)
})
