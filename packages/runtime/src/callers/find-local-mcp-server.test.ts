import { createManualDriver, checkForLeaks } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'
import { findLocalMcpServer } from './find-local-mcp-server.js'

checkForLeaks()

const server = {
  command: 'node',
  args: ['main.js', 'serve'],
  home: '/home/me/.subagent-mcp',
  version: '1.2.3',
}
const env = { SUBAGENT_MCP_HOME: server.home, SUBAGENT_MCP_TOOLS: 'chat,sync', SUBAGENT_MCP_DEPTH: '1' }
const entry = { command: server.command, args: server.args, env, alwaysLoad: true }

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'claude-code', version: '2' },
  },
}

test('a session has the tools that its entry names, as a caller of its own until it disconnects', async () => {
  const runtime = createRuntime({ drivers: [createManualDriver()] })
  const { connect, supervisor } = runtime
  const found = findLocalMcpServer({ server, connect, log: () => undefined }, entry)
  const messages: object[] = []
  const connection = found?.connect({
    ...{ cwd: process.cwd(), environment: { HOME: '/home/me' } },
    onMessage: (message) => void messages.push(message),
  })
  connection?.send(initialize)
  await expect.poll(() => messages.length).toBe(1)
  expect(messages).toMatchObject([{ id: 1, result: { serverInfo: { version: '1.2.3' } } }])
  connection?.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  connection?.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
  await expect.poll(() => messages.length).toBe(2)
  expect(messages[1]).toMatchObject({ id: 2, result: { tools: [{ name: 'chat' }, { name: 'sync' }] } })
  expect([...supervisor.state().callers.values()]).toMatchObject([{ depth: 1 }])
  connection?.close()
  connection?.close()
  expect(supervisor.state().callers.size).toBe(0)
  await runtime.close()
})

test.each<[string, unknown]>([
  ['another program', { ...entry, command: 'npx' }],
  ['another command of this program', { ...entry, args: ['main.js', 'run'] }],
  ['another state folder', { ...entry, env: { ...env, SUBAGENT_MCP_HOME: '/tmp/other' } }],
  ['the state folder of its surroundings', { ...entry, env: {} }],
  ['variables that are no texts', { ...entry, env: { ...env, SUBAGENT_MCP_DEPTH: 1 } }],
  ['a server at a URL', { type: 'http', url: 'http://127.0.0.1:1/mcp' }],
  ['no object', 'subagent-mcp'],
])('an entry with %s is no server in this process', (_, other) => {
  const connect = () => expect.unreachable()
  expect(findLocalMcpServer({ server, connect, log: () => undefined }, other)).toBe(undefined)
})
