import { expect, test } from 'vitest'
import { startManualServer } from '../manual-server.test.support.js'
import { createUniqueRequestIds } from './unique-request-ids.js'

const first = 5_000
const ids = createUniqueRequestIds(5)

test("ids of the server's requests are shifted, also in cancels and answers", () => {
  expect(ids.outgoing({ jsonrpc: '2.0', id: 3, method: 'elicitation/create' })).toMatchObject({
    id: first + 3,
  })
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled' } as const
  expect(ids.outgoing({ ...cancelled, params: { requestId: 3, reason: 'over' } })).toEqual({
    ...cancelled,
    params: { requestId: first + 3, reason: 'over' },
  })
  expect(ids.incoming({ jsonrpc: '2.0', id: first + 3, result: {} })).toMatchObject({ id: 3 })
})

test("ids of the host's requests are unchanged", () => {
  const messages = [
    { jsonrpc: '2.0', id: 3, method: 'tools/call' },
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } },
  ] as const
  for (const message of messages) expect(ids.incoming(message)).toEqual(message)
  const answer = { jsonrpc: '2.0', id: 3, result: {} } as const
  expect(ids.outgoing(answer)).toEqual(answer)
})

test("the host's answer to a form of an earlier daemon allows nothing", async () => {
  const server = await startManualServer({ capabilities: { elicitation: {} } })
  const { host } = server
  const { session } = await server.launched()
  const answers = () => session.sent.filter(({ type }) => type === 'answer')
  void host.call('wait')
  await host.call('list_agents')
  const question = { requestId: 'p1', tool: 'Bash', input: { command: 'rm x' } }
  session.sink({ type: 'approval-requested', ...question })
  const form = await host.forms.form(1)
  const allow = { action: 'accept' }
  server.clock.advance(1000)
  host.write(JSON.stringify({ jsonrpc: '2.0', id: 0, result: allow }))
  await host.call('list_agents')
  expect(answers()).toEqual([])
  form.answer(allow)
  await expect.poll(answers).toHaveLength(1)
  await server.close()
})
