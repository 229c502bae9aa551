import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { planWork } from './plan-work.js'
import { readMcpConfig } from './read-mcp-config.js'
import type { WorkerOrder } from './worker-order.js'

const usual: WorkerOrder = {
  ...{
    name: 'api',
    mode: 'dontAsk',
    worktree: false,
    allowed: ['chat', 'sync'],
    session: 'warm',
    pollMs: 1_000,
    once: false,
  },
  ...{ replicas: 1, budget: {}, topics: [], severity: 'high' },
}
const place = { cwd: '/w/api', environment: { HOME: '/home/me', KEY: undefined } }
const list = ['mcp__subagent-mcp__chat', 'mcp__subagent-mcp__sync']

test('a session has our server alone, knows whose mail it has, and may answer', () => {
  const { launch } = planWork({ ...usual, provider: 'claude', model: 'opus', maxTurns: 5 }, place)
  expect(launch).toMatchObject({
    ...{ category: 'fallback_default', provider: 'claude', model: 'opus', name: 'api', mcp: 'none' },
    ...{ permissions: 'read-only', allowedTools: list, cwd: '/w/api', environment: { HOME: '/home/me' } },
    setup: {
      ...{ maxTurns: 5, tools: { only: [] } },
      mcpServers: {
        'subagent-mcp': {
          env: {
            SUBAGENT_MCP_MAILBOX: 'api',
            SUBAGENT_MCP_TOOLS: 'chat,sync',
            SUBAGENT_MCP_HOME: '/home/me/.subagent-mcp',
            SUBAGENT_MCP_DEPTH: '1',
          },
          alwaysLoad: true,
        },
      },
    },
  })
  expect(launch.setup?.appendSystemPrompt).toContain('You are the agent "api"')
})

test('a provider that is preferred is left to the launch', () => {
  const { launch } = planWork({ ...usual, prefer: 'codex' }, place)
  expect(launch).toMatchObject({ category: 'fallback_default', prefer: 'codex' })
  expect(launch).not.toHaveProperty('provider')
})

test('a definition says what it says, and the list holds all the same', () => {
  const { launch } = planWork({ ...usual, agent: 'reviewer' }, place)
  expect(launch).toMatchObject({ agent: 'reviewer', allowedTools: list, setup: { tools: { only: [] } } })
  for (const key of ['category', 'mcp', 'permissions', 'provider']) expect(launch).not.toHaveProperty(key)
})

test('further servers come beside ours', () => {
  const mcpConfig = '{"mcpServers": {"github": {"command": "gh"}}}'
  const { launch } = planWork({ ...usual, mcpConfig }, place)
  expect(Object.keys(launch.setup?.mcpServers ?? {})).toEqual(['github', 'subagent-mcp'])
})

test('a file of servers is read from the folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-config-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  writeFileSync(join(folder, 'a.json'), '{"mcpServers": {"a": {"command": "x"}}}')
  writeFileSync(join(folder, 'b.json'), '{"servers": {}}')
  expect(readMcpConfig('a.json', folder)).toEqual({ a: { command: 'x' } })
  expect(() => readMcpConfig('b.json', folder)).toThrow('names no MCP servers')
  expect(() => readMcpConfig('c.json', folder)).toThrow(`cannot read ${join(folder, 'c.json')}`)
  expect(() => readMcpConfig('{"mcpServers": {"subagent-mcp": {}}}', folder)).toThrow("server 'subagent-mcp'")
})
