import { expect, test } from 'vitest'
import { createClientName } from './client-name.js'

const request = { jsonrpc: '2.0', id: 1 } as const
const info = { name: 'claude-code', version: '1' }

test('is what the greeting says, for good', () => {
  const client = createClientName()
  client.hear({ ...request, method: 'tools/list' })
  expect(client.get()).toBeUndefined()
  client.hear({ ...request, method: 'initialize', params: { clientInfo: info } })
  client.hear({ ...request, result: { clientInfo: { name: 'other' } } })
  client.hear({ ...request, method: 'initialize', params: { clientInfo: { name: 'other' } } })
  expect(client.get()).toBe('claude-code')
})

test('is what a request of 2026 says', () => {
  const client = createClientName()
  const _meta = { 'io.modelcontextprotocol/clientInfo': info }
  client.hear({ ...request, method: 'tools/call', params: { name: 'wait', _meta } })
  expect(client.get()).toBe('claude-code')
})

test('is not known of what is no name', () => {
  const client = createClientName()
  client.hear({ ...request, method: 'initialize', params: { clientInfo: { name: 7 } } })
  expect(client.get()).toBeUndefined()
})
