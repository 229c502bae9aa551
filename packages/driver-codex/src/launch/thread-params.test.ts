import { expect, test } from 'vitest'
import { createCodexMcpServerSettings } from './mcp-servers.js'
import { createCodexThreadParams } from './thread-params.js'

const spec = { cwd: '/project', environment: {}, mcp: 'none' } as const
const lookedUp = { model: undefined, mcpServers: undefined, mark: 'nonce.1' }

test.each([
  [undefined, 'on-request', 'read-only'],
  ['ask', 'on-request', 'read-only'],
  ['read-only', 'never', 'read-only'],
  ['accept-edits', 'on-request', 'workspace-write'],
  ['full-auto', 'never', 'danger-full-access'],
] as const)('permissions %s: asks %s, in the sandbox %s', (permissions, approvalPolicy, sandbox) => {
  const params = createCodexThreadParams({ ...spec, ...(permissions && { permissions }) }, lookedUp)
  expect(params).toMatchObject({ approvalPolicy, sandbox, approvalsReviewer: 'user' })
})

test.each([
  ['read-only', 'read-only'],
  ['ask', 'danger-full-access'],
  ['full-auto', 'danger-full-access'],
] as const)('%s asks for all where it is told to, in the sandbox %s', (permissions, sandbox) => {
  const params = createCodexThreadParams({ ...spec, permissions, asksAll: true }, lookedUp)
  expect(params).toMatchObject({ approvalPolicy: 'untrusted', sandbox })
})

test('nothing of the user runs: no notifier, no hook, no connector, no MCP server, no agent of its own', () => {
  const { config } = createCodexThreadParams(spec, { ...lookedUp, mcpServers: { alpha: { enabled: false } } })
  expect(config).toEqual({
    notify: [],
    agents: { enabled: false },
    projects: { '/project': { trust_level: 'untrusted' }, '/': { trust_level: 'untrusted' } },
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
  const { config } = createCodexThreadParams({ ...spec, mcp: 'inherit' }, lookedUp)
  expect(config['mcp_servers']).toBeUndefined()
  expect(config['features']).toEqual({ hooks: false, goals: false, unbounded_connection_retries: false })
})

test('what is added to the prompt leaves its own in place', () => {
  const params = createCodexThreadParams(
    { ...spec, appendSystemPrompt: 'Be brief.' },
    { ...lookedUp, model: 'gpt-9' },
  )
  expect(params).toMatchObject({ developerInstructions: 'Be brief.', model: 'gpt-9' })
})

const config = { config: { mcp_servers: { alpha: { command: 'a' }, 'be.ta': { command: 'b' } } } }

test.each([
  ['none', { servers: { alpha: { enabled: false }, 'be.ta': { enabled: false } } }],
  [['be.ta'], { servers: { alpha: { enabled: false }, 'be.ta': { enabled: true } } }],
  [['gamma'], { failure: { reason: 'bad-request', hint: 'there are: alpha, be.ta' } }],
] as const)('MCP servers %o', (choice, expected) => {
  expect(createCodexMcpServerSettings({ mcp: choice, environment: {} }, config)).toMatchObject(expected)
})

const prompts = { default_tools_approval_mode: 'prompt', tools: {} }

test.each([
  ['none', { alpha: { ...prompts, enabled: false }, beta: { ...prompts, enabled: false } }],
  ['inherit', { alpha: prompts, beta: prompts }],
] as const)('tools of MCP servers %o are asked for, whatever the user lets pass', (mcp, servers) => {
  const alpha = {
    command: 'a',
    default_tools_approval_mode: 'approve',
    tools: { act: { approval_mode: 'approve' } },
  }
  const config = { config: { mcp_servers: { alpha, beta: { command: 'b' } } } }
  const own = { mine: { command: 'm' } }
  const asked = createCodexMcpServerSettings({ mcp, mcpServers: own, environment: {}, asksAll: true }, config)
  const act = { act: { approval_mode: 'prompt' } }
  expect(asked).toEqual({
    servers: {
      ...servers,
      alpha: { ...servers.alpha, tools: act },
      mine: { ...prompts, command: 'm', enabled: true },
    },
  })
})

test('a user without MCP servers is told how to get one', () => {
  const failure = { reason: 'bad-request', message: 'no MCP server named alpha' }
  const hint = 'this user has no MCP servers: see `codex mcp add`'
  expect(
    createCodexMcpServerSettings({ mcp: ['alpha'], environment: {} }, { config: { mcp_servers: null } }),
  ).toEqual({
    failure: { ...failure, hint },
  })
})

test('an ephemeral thread is not kept, tells its turns, and has no part in memories', () => {
  const params = createCodexThreadParams({ ...spec, ephemeral: true }, lookedUp)
  expect(params).toMatchObject({ ephemeral: true, experimentalRawEvents: true })
  expect(params.config['features']).toMatchObject({ memories: false })
  expect(createCodexThreadParams(spec, lookedUp)).not.toHaveProperty('ephemeral')
})
