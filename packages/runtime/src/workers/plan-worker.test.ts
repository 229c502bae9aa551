import type { WorkerSettings } from '@subagent-mcp/api'
import { createManualDriver } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { planWorker, readMcpConfig, type WorkerStartContext } from './plan-worker.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'plan-worker-')))
  mkdirSync(join(folder, 'api'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const list = ['mcp__subagent-mcp__chat', 'mcp__subagent-mcp__sync']
const drivers = new Map(['claude', 'codex'].map((id) => [id, createManualDriver(id)]))
const server = {
  command: 'node',
  args: ['main.js', 'serve'],
  home: '/home/me/.subagent-mcp',
  version: '1.0.0',
}
const plan = (settings: WorkerSettings, place: Partial<WorkerStartContext> = {}) =>
  planWorker(settings, {
    ...{ folder: join(folder, 'api'), environment: { HOME: '/home/me' }, server, drivers },
    ...place,
  })

test('a session has our server alone, knows whose mail it has, and may answer', () => {
  const { launch } = plan({ provider: 'claude', model: 'opus', maxTurns: 5 })
  expect(launch).toMatchObject({
    ...{ category: 'fallback_default', provider: 'claude', model: 'opus', name: 'api', mcp: 'none' },
    ...{ permissions: 'read-only', allowedTools: list, cwd: join(folder, 'api') },
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
  const { launch } = plan({ prefer: 'codex' })
  expect(launch).toMatchObject({ category: 'fallback_default', prefer: 'codex' })
  expect(launch).not.toHaveProperty('provider')
})

test('a definition says what it says, and the list holds all the same', () => {
  const { launch } = plan({ agent: 'reviewer' })
  expect(launch).toMatchObject({ agent: 'reviewer', allowedTools: list, setup: { tools: { only: [] } } })
  for (const key of ['category', 'mcp', 'permissions', 'provider']) expect(launch).not.toHaveProperty(key)
})

test('further servers come beside ours', () => {
  const mcpConfig = '{"mcpServers": {"github": {"command": "gh"}}}'
  const { launch } = plan({ mcpConfig })
  expect(Object.keys(launch.setup?.mcpServers ?? {})).toEqual(['github', 'subagent-mcp'])
})

test('a file of servers is read from the folder', () => {
  writeFileSync(join(folder, 'a.json'), '{"mcpServers": {"a": {"command": "x"}}}')
  writeFileSync(join(folder, 'b.json'), '{"servers": {}}')
  expect(readMcpConfig('a.json', folder)).toEqual({ a: { command: 'x' } })
  expect(() => readMcpConfig('b.json', folder)).toThrow('names no MCP servers')
  expect(() => readMcpConfig('c.json', folder)).toThrow(`cannot read ${join(folder, 'c.json')}`)
  expect(() => readMcpConfig('{"mcpServers": {"subagent-mcp": {}}}', folder)).toThrow("server 'subagent-mcp'")
})

test('settings that are left out have defaults', () => {
  expect(plan({})).toMatchObject({
    ...{ name: 'api', session: 'warm', replicas: 1, budget: {} },
    ...{ topics: ['project:>'], severity: 'high' },
  })
})

test('without a server for its sessions, a worker has no tools', () => {
  const { launch, rights } = planWorker({}, { folder, environment: {}, drivers })
  expect(launch.setup?.mcpServers).toEqual({})
  expect([launch.allowedTools, rights.said]).toEqual([[], []])
})

test('a worker reads its folder where that was allowed, and nobody else can write to its mailbox', () => {
  const reading = { provider: 'claude', readFolder: true }
  expect(plan(reading)).toMatchObject({
    launch: {
      allowedTools: [...list, 'Read(**)', 'Grep(**)', 'Glob(**)'],
      setup: { tools: { only: ['Read', 'Grep', 'Glob'] } },
    },
  })
  expect(() => plan(reading, { isShared: true })).toThrow('other machines can write to this mailbox')
  expect(() => plan({ readFolder: true })).toThrow('needs --provider')
  const named = { provider: 'claude', allowedTools: ['Read(**)'] }
  expect(plan(named, { isShared: true }).launch.allowedTools).toEqual(['Read(**)'])
})

test('settings that contradict each other are refused', () => {
  expect(() => plan({ agent: 'reviewer', permissionMode: 'bypassPermissions' })).toThrow('cannot be combined')
  expect(() => plan({ provider: 'nobody' })).toThrow("no provider 'nobody'")
  expect(() => plan({ name: 'Docs' })).toThrow("'Docs' is no name: take 'docs'")
})
