import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkOtherMcpServers } from './check-host-entries.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const look = async () =>
  (await machine().look(checkOtherMcpServers)).map((finding) => [
    finding.what.split(':')[0],
    'mend' in finding && finding.mend,
  ])

test('ignores our server and servers of other kinds', async () => {
  const { wire, write } = machine()
  write(
    '.claude.json',
    JSON.stringify({
      mcpServers: {
        files: { command: 'npx', args: ['-y', '@some/claude-mcp-server', 'serve'] },
        web: { type: 'http', url: 'https://example.com/mcp' },
        odd: null,
      },
    }),
  )
  wire('claude')
  expect(await look()).toEqual([['none that runs sub-agents too', false]])
})

test('names known servers with sub-agents, and how to remove them', async () => {
  const { write, context, home } = machine()
  const flow = { command: 'npx', args: ['-y', '@claude-flow/cli@latest', 'mcp', 'start'] }
  const again = { command: 'node', args: ['/opt/subagent-mcp/bin/subagent-mcp.js', 'serve'] }
  write(
    '.claude.json',
    JSON.stringify({
      mcpServers: { flow, self: { command: '/usr/bin/claude', args: ['mcp', 'serve'] } },
      projects: { [context.project]: { mcpServers: { 'subagent-mcp': again } } },
    }),
  )
  write('.codex/config.toml', '[mcp_servers.zen]\ncommand = "uvx"\nargs = ["zen-mcp-server"]\n')
  write('.config/opencode/opencode.json', '{"mcp": {"twin": {"command": ["npx", "subagent-mcp@1.0.0"]}}}')
  expect(await look()).toEqual([
    ["Claude Code has 'flow', which is claude-flow", 'claude mcp remove flow -s user'],
    ["Claude Code has 'self', which is Claude Code itself", 'claude mcp remove self -s user'],
    ["Claude Code has 'subagent-mcp', which is this very server", 'claude mcp remove subagent-mcp -s local'],
    ["Codex has 'zen', which is Zen", `take mcp_servers.zen out of ${home}/.codex/config.toml`],
    [
      "opencode has 'twin', which is this very server",
      `take mcp.twin out of ${home}/.config/opencode/opencode.json`,
    ],
  ])
})

test('looks into the project here, whose words go into no shell as they are', async () => {
  const { write, home } = machine()
  const twin = { command: 'npx', args: ['subagent-mcp'] }
  const names = ['x; touch /tmp/pwned #', '-s', "it's"]
  mkdirSync(join(home, '.claude'))
  write(
    'project/.mcp.json',
    JSON.stringify({ mcpServers: Object.fromEntries(names.map((name) => [name, twin])) }),
  )
  expect((await look()).map(([, mend]) => mend)).toEqual([
    "claude mcp remove 'x; touch /tmp/pwned #' -s project",
    `take mcpServers.-s out of ${home}/project/.mcp.json`,
    "claude mcp remove 'it'\\''s' -s project",
  ])
})
