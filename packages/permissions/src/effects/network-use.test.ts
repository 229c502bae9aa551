import { expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { createDiskToolCallContext } from '../places/tool-call-context.js'
import { findNetworkUse } from './network-use.js'

test.each([
  ['curl -sS https://user:pw@example.com:8443/a', [{ type: 'network', host: 'example.com' }]],
  ['git -C . status && git push origin main', [{ type: 'push' }]],
  ['git fetch', [{ type: 'network' }]],
  ['npm ci && npm test', [{ type: 'network' }]],
  ['npm test', []],
  ['yarn', [{ type: 'network' }]],
  ['yarn test', []],
  ['env A=1 timeout 5 ssh box uptime', [{ type: 'network' }]],
  ['ls -la; cat a.txt', []],
])('%s', (command, uses) => {
  const { actions } = parseToolCall(
    'claude',
    { tool: 'Bash', input: { command } },
    createDiskToolCallContext(import.meta.dirname),
  )
  expect(actions.flatMap((action) => findNetworkUse(action) ?? [])).toEqual(uses)
})

test('a web tool names its host', () => {
  const call = { tool: 'WebFetch', input: { url: 'https://example.com/a' } }
  const { actions } = parseToolCall('claude', call, createDiskToolCallContext(import.meta.dirname))
  expect(actions.map(findNetworkUse)).toEqual([{ type: 'network', host: 'example.com' }])
})
