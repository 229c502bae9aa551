import { expect, test } from 'vitest'
import { mcpOverrides } from './mcp-servers.js'
import { threadParams } from './thread-params.js'

const spec = { cwd: '/project', environment: {}, mcp: 'none' } as const
const lookedUp = { model: undefined, mcpServers: undefined, mark: 'nonce.1' }

test.each([
  [undefined, 'on-request', 'read-only'],
  ['ask', 'on-request', 'read-only'],
  ['read-only', 'never', 'read-only'],
  ['accept-edits', 'on-request', 'workspace-write'],
  ['full-auto', 'never', 'danger-full-access'],
] as const)('permissions %s: asks %s, in the sandbox %s', (permissions, approvalPolicy, sandbox) => {
  const params = threadParams({ ...spec, ...(permissions && { permissions }) }, lookedUp)
  expect(params).toMatchObject({ approvalPolicy, sandbox, approvalsReviewer: 'user' })
})

test('nothing of the user runs: no notifier, no hook, no connector, no MCP server, no agent of its own', () => {
  const { config } = threadParams(spec, { ...lookedUp, mcpServers: { alpha: { enabled: false } } })
  expect(config).toEqual({
    notify: [],
    agents: { enabled: false },
    shell_environment_policy: { set: { SUBAGENT_MCP_NONCE: 'nonce.1' } },
    features: {
      hooks: false,
      goals: false,
      unbounded_connection_retries: false,
      apps: false,
      plugins: false,
    },
    mcp_servers: { alpha: { enabled: false } },
  })
})

test('inherited MCP servers come with their connectors', () => {
  const { config } = threadParams({ ...spec, mcp: 'inherit' }, lookedUp)
  expect(config['mcp_servers']).toBeUndefined()
  expect(config['features']).toEqual({ hooks: false, goals: false, unbounded_connection_retries: false })
})

test('what is added to the prompt leaves its own in place', () => {
  const params = threadParams({ ...spec, appendSystemPrompt: 'Be brief.' }, { ...lookedUp, model: 'gpt-9' })
  expect(params).toMatchObject({ developerInstructions: 'Be brief.', model: 'gpt-9' })
})

const config = { config: { mcp_servers: { alpha: { command: 'a' }, 'be.ta': { command: 'b' } } } }

test.each([
  ['none', { servers: { alpha: { enabled: false }, 'be.ta': { enabled: false } } }],
  [['be.ta'], { servers: { alpha: { enabled: false }, 'be.ta': { enabled: true } } }],
  [['gamma'], { failure: { reason: 'bad-request', hint: 'there are: alpha, be.ta' } }],
] as const)('MCP servers %o', (choice, expected) => {
  expect(mcpOverrides({ mcp: choice, environment: {} }, config)).toMatchObject(expected)
})

test('a user without MCP servers is told how to get one', () => {
  const failure = { reason: 'bad-request', message: 'no MCP server named alpha' }
  const hint = 'this user has no MCP servers: see `codex mcp add`'
  expect(mcpOverrides({ mcp: ['alpha'], environment: {} }, { config: { mcp_servers: null } })).toEqual({
    failure: { ...failure, hint },
  })
})

test('an ephemeral thread is not kept, tells its turns, and has no part in memories', () => {
  const params = threadParams({ ...spec, ephemeral: true }, lookedUp)
  expect(params).toMatchObject({ ephemeral: true, experimentalRawEvents: true })
  expect(params.config['features']).toMatchObject({ memories: false })
  expect(threadParams(spec, lookedUp)).not.toHaveProperty('ephemeral')
})
