import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer
let host: ManualServer['host']

beforeEach(async () => {
  server = await startManualServer()
  ;({ host } = server)
})

afterEach(() => server.close())

test('every tool takes the name of an agent in place of its id', async () => {
  const { id, session } = await server.launched('docs')
  expect(await host.call('poll_agent', { agent_id: 'docs' })).toMatch(new RegExp(`^agent ${id} "docs"`))
  expect(await host.call('send_message', { agent_id: 'docs', message: 'more' })).toMatch(/^queued/)
  session.sink({ type: 'approval-requested', requestId: 'p1', tool: 'Bash', input: 'ls' })
  expect(
    await host.call('respond_permission', { agent_id: 'docs', request_id: 'p1', decision: 'allow' }),
  ).toMatch(/^allow: /)
  session.finish('written')
  session.finish('more')
  expect(await host.call('wait', { agent_ids: ['docs', id] })).toContain('written')
  expect(await host.call('kill_agent', { agent_id: 'docs' })).toBe(
    `agent ${id} "docs" stopped, no process left`,
  )
})

test('a name of several agents means the one that has not ended; kill refuses it with the ids', async () => {
  const first = await server.launched('docs')
  await host.call('kill_agent', { agent_id: first.id })
  const second = await server.launched('docs')
  expect(await host.call('poll_agent', { agent_id: 'docs' })).toContain(second.id)
  expect(await host.call('kill_agent', { agent_id: 'docs' })).toBe(
    `ambiguous-agent: 'docs' matches 2 agents\nhint: name one by its id: ${first.id} "docs", ${second.id} "docs"`,
  )
  expect(server.supervisor.state().agents.get(second.id)?.phase.status).toBe('working')
  await server.launched('docs')
  expect(await host.call('wait', { agent_ids: ['docs'] })).toMatch(
    /^ambiguous-agent: 'docs' matches 2 agents/,
  )
})

test('a host names agents of its own project only, an agent only its own', async () => {
  const { id } = await server.launched('docs')
  const { host: elsewhere, close } = await server.connect('elsewhere', { project: '/q' })
  expect(await elsewhere.call('poll_agent', { agent_id: 'docs' })).toMatch(/^unknown-agent: no agent 'docs'/)
  expect(await elsewhere.call('poll_agent', { agent_id: id })).toContain('"docs"')
  const { host: inside, close: leave } = await server.connect('inside', { depth: 1 })
  expect(await inside.call('poll_agent', { agent_id: 'docs' })).toMatch(/^unknown-agent: no agent 'docs'/)
  await close()
  await leave()
})
