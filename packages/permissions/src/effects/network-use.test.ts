import { expect, test } from 'vitest'
import { understandCall } from '../call/call.js'
import { createDiskCallPlace } from '../places/place.js'
import { networkUse } from './network-use.js'

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
  const { actions } = understandCall(
    'claude',
    { tool: 'Bash', input: { command } },
    createDiskCallPlace(import.meta.dirname),
  )
  expect(actions.flatMap((action) => networkUse(action) ?? [])).toEqual(uses)
})

test('a web tool names its host', () => {
  const call = { tool: 'WebFetch', input: { url: 'https://example.com/a' } }
  const { actions } = understandCall('claude', call, createDiskCallPlace(import.meta.dirname))
  expect(actions.map(networkUse)).toEqual([{ type: 'network', host: 'example.com' }])
})
