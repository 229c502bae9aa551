import { expect, test } from 'vitest'
import { checkHostTimeouts } from './check-host-entries.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const look = () => machine().look(checkHostTimeouts)

test('says nothing where nothing is set up', async () => {
  expect(await look()).toEqual([])
})

test('names the hosts in which a wait may take its time, and those of which that is not known', async () => {
  for (const host of ['claude', 'codex', 'gemini', 'cursor', 'zed'] as const) machine().wire(host)
  expect(await look()).toEqual(
    [
      'a wait may take its 15 minutes in: Claude Code, Codex, Gemini CLI',
      'calls end sooner (agents and tasks go on, and the next wait has their results) in: Zed',
      'how long a call may take is not known (agents and tasks go on, and the next wait has their results) of: Cursor',
    ].map((what) => ({ severity: 'ok', what })),
  )
})

test('knows the default limits of hosts, and finds limits that are too short', async () => {
  machine().write('.codex/config.toml', '[mcp_servers.subagent-mcp]\ncommand = "npx"\n')
  machine().write('.gemini/settings.json', '{"mcpServers": {"subagent-mcp": {"timeout": 60000}}}')
  machine().write('.config/zed/settings.json', '{"context_servers": {"subagent-mcp": {"command": "npx"}}}')
  machine().write('project/.gemini/settings.json', '{"mcpServers": {"subagent-mcp": {"timeout": 2000}}}')
  expect(await look()).toMatchObject([
    { what: matching(/^Codex ends a call after 300 s, /), mend: 'subagent-mcp setup --host codex' },
    { what: matching(/^Gemini CLI ends a call after 60 s, /), mend: 'subagent-mcp setup --host gemini' },
    { what: matching(/^Zed ends a call after 60 s, /), mend: 'subagent-mcp setup --host zed' },
    { what: matching(/after 2 s, /), mend: 'subagent-mcp setup --host gemini --scope project' },
  ])
})

test('knows the variable of Claude Code, in its settings and outside', async () => {
  const { wire, write, context } = machine()
  wire('claude', { hooks: false })
  context.environment['MCP_TOOL_TIMEOUT'] = '60000'
  expect(await look()).toMatchObject([
    { what: matching(/after 60 s/), mend: 'take MCP_TOOL_TIMEOUT out of your environment' },
  ])
  write('.claude/settings.json', '{"env": {"MCP_TOOL_TIMEOUT": "30000"}}')
  expect(await look()).toMatchObject([
    {
      what: matching(/after 30 s/),
      mend: matching(/^take MCP_TOOL_TIMEOUT out of "env" of .*settings.json$/),
    },
  ])
})

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
