import type { SessionMcpServers } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { createCodexMcpServerSettings } from './mcp-servers.js'
import { readSessionMcpServers } from './session-mcp-servers.js'

const environment = { TOKEN: 'a "secret"' }

test.each([
  [
    { command: 'node', args: ['x'] },
    { command: 'node', args: ['x'] },
  ],
  [
    { type: 'stdio', command: '${SHELL:-sh}', env: { KEY: '${TOKEN}' }, alwaysLoad: true },
    { command: 'sh', env: { KEY: 'a "secret"' }, required: true },
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
  const own = readSessionMcpServers({ mcpServers: { alpha: entry }, environment })
  expect(own).toEqual({ servers: { alpha: { ...server, enabled: true } } })
})

test.each([
  [{ type: 'sse', url: 'http://a' }, 'codex cannot be given the MCP server alpha'],
  ['alpha', 'codex cannot be given the MCP server alpha'],
  [{ command: '${HIDDEN}' }, 'the MCP server alpha needs what is not in the environment: HIDDEN'],
  [{ command: '${constructor}' }, 'the MCP server alpha needs what is not in the environment: constructor'],
])('%o is refused', (entry, message) => {
  const own = readSessionMcpServers({ mcpServers: { alpha: entry }, environment })
  expect(own).toMatchObject({ failure: { reason: 'bad-request', message } })
})

const config = { config: { mcp_servers: { alpha: { command: 'a' } } } }

test.each([
  ['none', { alpha: { enabled: false } }],
  ['inherit', {}],
] as const)('stand beside those of the user: %s', (mcp, users) => {
  const spec = { mcp, mcpServers: { beta: { command: 'b' } }, environment }
  expect(createCodexMcpServerSettings(spec, config)).toEqual({
    servers: { ...users, beta: { command: 'b', enabled: true } },
  })
})

const ours = { command: 'b', env: { A: 'b' }, alwaysLoad: true }

test('stand in for one of the user that has the same name and gives nothing to it, as ours from init', () => {
  const users = {
    command: 'a',
    args: ['a'],
    env_vars: ['TOKEN'],
    env: { SUBAGENT_MCP_CALL_LIMIT: '3600' },
    tool_timeout_sec: 3600,
    environment_id: 'local',
    url: null,
  }
  const there = { config: { mcp_servers: { alpha: { ...users, default_tools_approval_mode: 'approve' } } } }
  const server = { command: 'b', args: [], env: { A: 'b' }, env_vars: [], required: true, enabled: true }
  const spec = { mcp: 'none', mcpServers: { alpha: ours }, environment } as const
  expect(createCodexMcpServerSettings(spec, there)).toEqual({ servers: { alpha: server } })
  const asking = { ...server, default_tools_approval_mode: 'prompt', tools: {} }
  expect(createCodexMcpServerSettings({ ...spec, asksAll: true }, there)).toEqual({
    servers: { alpha: asking },
  })
})

test.each<[string, SessionMcpServers, object, object]>([
  ['an address', 'none', { url: 'http://a' }, { command: 'a' }],
  ['the environment of the other', 'none', ours, { command: 'a', env: { KEY: 'secret' } }],
  ['the folder of the other', 'none', ours, { command: 'a', cwd: '/a' }],
  ['one that runs too', 'inherit', ours, { command: 'a' }],
  ['one that is asked for too', ['alpha'], ours, { command: 'a' }],
])('are not mixed with one of the user that has the same name: %s', (_, mcp, own, users) => {
  const spec = { mcp, mcpServers: { alpha: own }, environment }
  const failure = { message: 'the user has an MCP server named alpha too' }
  expect(createCodexMcpServerSettings(spec, { config: { mcp_servers: { alpha: users } } })).toMatchObject({
    failure,
  })
})
