import { expect, test } from 'vitest'
import { hostById, bareMachine, fullWiring } from './hosts/machine.test.support.js'
import { getValueAt } from './edit/value.js'
import type { HostId } from './hosts/host.js'
import { planFileChanges } from './plan.js'
import { parseHostFile } from './read-data.js'

test.each<{ host: HostId; text: string; kept: object }>([
  {
    host: 'claude',
    text: '{"mcpServers": {"subagent-mcp": {"command": "npx", "env": {"ANTHROPIC_API_KEY": "secret"}, "alwaysLoad": true}}}',
    kept: { type: 'stdio', command: '/usr/bin/node', env: { ANTHROPIC_API_KEY: 'secret' }, alwaysLoad: true },
  },
  {
    host: 'gemini',
    text: '{"mcpServers": {"subagent-mcp": {"command": "npx", "env": {"ANTHROPIC_API_KEY": "secret"}, "timeout": 1}}}',
    kept: { command: '/usr/bin/node', env: { ANTHROPIC_API_KEY: 'secret' }, timeout: 3_600_000 },
  },
  {
    host: 'codex',
    text: '[mcp_servers.subagent-mcp]\ncommand = "npx"\nenabled = false\n\n[mcp_servers.subagent-mcp.env]\nA = "b"\n',
    kept: { command: '/usr/bin/node', enabled: false, env: { A: 'b' }, tool_timeout_sec: 3600 },
  },
])('what the user put into our entry of $host stays there', ({ host, text, kept }) => {
  const after = afterSetup(host, text)
  expect(entryIn(after, host)).toMatchObject(kept)
  expect(afterSetup(host, after)).toBe(after)
})

test('an entry that starts no program is replaced whole', () => {
  const after = afterSetup('cursor', '{"mcpServers": {"subagent-mcp": {"url": "http://x", "type": "http"}}}')
  expect(Object.keys(entryIn(after, 'cursor') ?? {})).toEqual(['command', 'args'])
})

test('a feature of Codex that has settings is turned off in them, and the other switch as well', () => {
  const text = '[features.multi_agent_v2]\ntool_namespace = "crew"\n\n[agents]\nmax_threads = 3\n'
  const after = afterSetup('codex', text)
  expect(after).toContain('[features.multi_agent_v2]\ntool_namespace = "crew"\nenabled = false\n')
  expect(after).toContain('[agents]\nmax_threads = 3\nenabled = false\n')
  expect(afterSetup('codex', after)).toBe(after)
})

test('one switch that cannot be set does not stop the other', () => {
  const planned = planFileChanges(changes('codex').slice(2), () => ({
    type: 'text',
    text: 'features = { multi_agent_v2 = true }\n',
  }))
  expect(planned).toMatchObject([
    { type: 'write', changes: [{ edits: [{ path: ['agents', 'enabled'] }] }] },
    { type: 'refused', change: { snippet: '[features]\nmulti_agent_v2 = false\n' } },
  ])
})

function afterSetup(host: HostId, text: string): string {
  const [first] = changes(host)
  const ofFile = changes(host).filter(({ path }) => path === first?.path)
  const [planned] = planFileChanges(ofFile, () => ({ type: 'text', text }))
  return planned?.type === 'write' ? planned.after : text
}

function entryIn(text: string, host: HostId): unknown {
  const [first] = changes(host)
  const read = parseHostFile(text, first?.format ?? 'toml')
  return read.type === 'data' ? getValueAt(read.data, first?.edits[0]?.path ?? []) : read
}

function changes(host: HostId) {
  return hostById(host).changes(bareMachine(), fullWiring())
}
