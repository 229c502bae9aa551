import { expect, test } from 'vitest'
import { markMcpServers, toAcpMcpServers } from './mcp-servers.js'

const can = { load: true, close: false, image: true, http: true, sse: false }
const read = (mcpServers: Record<string, unknown>) =>
  toAcpMcpServers({ mcpServers, environment: { TOKEN: 'a "b"' } }, 'gemini', can)

test.each<[string, unknown, unknown]>([
  ['a command', { command: 'ring' }, { name: 'bell', command: 'ring', args: [], env: [] }],
  [
    'a command with all',
    { type: 'stdio', command: 'ring', args: ['${TOKEN}'], env: { LOUD: '${HOW:-very}' }, alwaysLoad: true },
    { name: 'bell', command: 'ring', args: ['a "b"'], env: [{ name: 'LOUD', value: 'very' }] },
  ],
  [
    'a command with what only looks like a variable',
    { command: 'ring', args: ['${A:-', '}'] },
    { name: 'bell', command: 'ring', args: ['${A:-', '}'], env: [] },
  ],
  [
    'an address',
    { type: 'http', url: 'http://x', headers: { Authorization: '${TOKEN}' } },
    { type: 'http', name: 'bell', url: 'http://x', headers: [{ name: 'Authorization', value: 'a "b"' }] },
  ],
])('an MCP server as in .mcp.json: %s', (_, entry, expected) => {
  expect(read({ bell: entry })).toEqual({ servers: [expected] })
})

test.each<[unknown, RegExp]>([
  [{ type: 'sse', url: 'http://x' }, /no MCP server of the type sse: bell/],
  [{ url: 'http://x' }, /bell is not as in/],
  ['ring', /bell is not as in/],
  [{ command: '${constructor}' }, /bell needs what is not in the environment: constructor/],
  [{ command: '${NOWHERE}' }, /bell needs what is not in the environment: NOWHERE/],
])('one that cannot be had fails by its name: %j', (entry, message) => {
  const made = read({ bell: entry })
  expect('failure' in made && made.failure.message).toMatch(message)
})

test('those that are processes are marked', () => {
  const [command, address] = [
    { name: 'a', command: 'x', args: [], env: [{ name: 'B', value: 'c' }] },
    { type: 'http' as const, name: 'd', url: 'http://x', headers: [] },
  ]
  expect(markMcpServers([command, address], 'm.0')).toEqual([
    { ...command, env: [...command.env, { name: 'SUBAGENT_MCP_SERVERS', value: 'm.0' }] },
    address,
  ])
})
