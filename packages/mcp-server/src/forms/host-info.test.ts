import { expect, test } from 'vitest'
import { createHostInfo } from './host-info.js'

const request = { jsonrpc: '2.0', id: 1 } as const
const info = { name: 'claude-code', version: '1' }

test("the host's name is that of initialize, also after other messages", () => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'tools/list' })
  expect(client.name()).toBeUndefined()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: info } })
  client.onMessage({ ...request, result: { clientInfo: { name: 'other' } } })
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: { name: 'other' } } })
  expect(client.name()).toBe('claude-code')
})

test("the host's name is that of a 2026 request", () => {
  const client = createHostInfo()
  const _meta = { 'io.modelcontextprotocol/clientInfo': info }
  client.onMessage({ ...request, method: 'tools/call', params: { name: 'wait', _meta } })
  expect(client.name()).toBe('claude-code')
})

test('an invalid name of a host is ignored', () => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: { name: 7 } } })
  expect(client.name()).toBeUndefined()
})

test.each([
  [{ elicitation: {} }, true],
  [{ elicitation: { form: {} } }, true],
  [{ elicitation: { form: {}, url: {} } }, true],
  [{ elicitation: { url: {} } }, false],
  [{ roots: {} }, false],
  [{ elicitation: 7 }, false],
])('a host that declares %o shows forms: %s', (capabilities, expected) => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: info, capabilities } })
  expect(client.takesForms()).toBe(expected)
})
