import { expect, test } from 'vitest'
import { mcpOverrides } from './mcp-servers.js'
import { ownMcpServers } from './own-mcp-servers.js'

const environment = { TOKEN: 'a "secret"' }

test.each([
  [
    { command: 'node', args: ['x'] },
    { command: 'node', args: ['x'] },
  ],
  [
    { type: 'stdio', command: '${SHELL:-sh}', env: { KEY: '${TOKEN}' }, alwaysLoad: true },
    { command: 'sh', env: { KEY: 'a "secret"' } },
  ],
  [
    { type: 'http', url: 'http://a', headers: { A: 'b' } },
    { url: 'http://a', http_headers: { A: 'b' } },
  ],
  [{ url: 'http://a' }, { url: 'http://a' }],
  [
    { command: 'x', args: ['${A:-', '}'] },
    { command: 'x', args: ['${A:-', '}'] },
  ],
])('%o in the words of Codex', (entry, server) => {
  const own = ownMcpServers({ mcpServers: { alpha: entry }, environment })
  expect(own).toEqual({ servers: { alpha: { ...server, enabled: true } } })
})

test.each([
  [{ type: 'sse', url: 'http://a' }, 'codex cannot be given the MCP server alpha'],
  ['alpha', 'codex cannot be given the MCP server alpha'],
  [{ command: '${HIDDEN}' }, 'an MCP server needs what is not in the environment: HIDDEN'],
  [{ command: '${constructor}' }, 'an MCP server needs what is not in the environment: constructor'],
])('%o is refused', (entry, message) => {
  const own = ownMcpServers({ mcpServers: { alpha: entry }, environment })
  expect(own).toMatchObject({ failure: { reason: 'bad-request', message } })
})

const config = { config: { mcp_servers: { alpha: { command: 'a' } } } }

test.each([
  ['none', { alpha: { enabled: false } }],
  ['inherit', {}],
] as const)('stand beside those of the user: %s', (mcp, users) => {
  const spec = { mcp, mcpServers: { beta: { command: 'b' } }, environment }
  expect(mcpOverrides(spec, config)).toEqual({ servers: { ...users, beta: { command: 'b', enabled: true } } })
})

test('are not mixed with one of the user that has the same name', () => {
  const spec = { mcp: 'none', mcpServers: { alpha: { url: 'http://a' } }, environment } as const
  const failure = { message: 'the user has an MCP server named alpha too' }
  expect(mcpOverrides(spec, config)).toMatchObject({ failure })
})
