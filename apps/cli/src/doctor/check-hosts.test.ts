import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkHosts, checkPlugins, checkAgentNoticeWays } from './check-hosts.js'
import { doctorChecks } from './all-doctor-checks.js'
import { useDoctorHome } from './doctor-home.test.support.js'
import { runDoctorChecks } from './run-doctor-checks.js'

const machine = useDoctorHome()
const look = () => machine().look(checkHosts)
const troubles = async () => (await look()).filter((finding) => 'mend' in finding)

test('finds no problem in the files that setup wrote', async () => {
  for (const host of ['claude', 'codex', 'gemini', 'opencode'] as const) machine().wire(host)
  expect(await look()).toEqual([
    { severity: 'ok', what: 'Claude Code, for all projects' },
    { severity: 'ok', what: 'Codex, for all projects' },
    { severity: 'ok', what: 'Gemini CLI, for all projects' },
    { severity: 'ok', what: 'opencode, for all projects' },
  ])
})

test('says how each host that was set up learns of finished agents, and where only its next prompt says so', async () => {
  machine().wire('claude')
  for (const host of ['codex', 'opencode'] as const) machine().wire(host)
  mkdirSync(join(machine().home, '.gemini'))
  const byTask = 'the result of `wait` or `invoke` comes back by itself (MCP Tasks)'
  const inBackground = 'a blocking `wait` continues in the background and wakes the session'
  expect(await machine().look(checkAgentNoticeWays)).toEqual([
    {
      severity: 'ok',
      what: `Claude Code: ${byTask}; a hook wakes the session; ${inBackground}; the next prompt says so`,
    },
    { severity: 'ok', what: 'Codex: only the next prompt says so' },
    { severity: 'ok', what: 'opencode: only its model calls `wait`' },
  ])
  machine().write('ours/config.jsonc', '{ "wake": { "codex": true } }')
  const [, codex] = await machine().look(checkAgentNoticeWays)
  expect(codex?.what).toBe(
    'Codex: a message in the name of the user wakes the session; the next prompt says so',
  )
  machine().wire('claude', { hooks: false })
  const [claude] = await machine().look(checkAgentNoticeWays)
  expect(claude?.what).toBe(`Claude Code: ${byTask}; ${inBackground}`)
})

test('reports that no host has our tools, and names the present hosts', async () => {
  mkdirSync(join(machine().home, '.codex'))
  expect(await look()).toEqual([
    { severity: 'note', what: 'Codex is not set up (subagent-mcp setup --host codex)' },
    { severity: 'error', what: 'no host has our tools', mend: 'subagent-mcp setup' },
  ])
})

test('ignores a host that was not set up, and checks every change of one that was', async () => {
  machine().wire('claude', { hooks: false, suppressNative: true })
  mkdirSync(join(machine().home, '.gemini'))
  expect(await troubles()).toEqual([])
  machine().write('.claude/settings.json', '{}')
  expect(await troubles()).toMatchObject(
    [
      { what: /our tools allowed without asking: missing: .*settings.json$/, mend: again },
      { what: /own sub-agents turned off: missing/, mend: again },
    ].map(({ what, mend }) => ({ severity: 'warning', what: matching(what), mend })),
  )
})
const again = 'subagent-mcp setup --host claude --no-hooks --suppress-native'

test('checks the status line that the user agreed to, and says how to forget it for another one', async () => {
  machine().wire('claude', { statusLine: true })
  expect(await troubles()).toEqual([])
  const settings = machine().read('.claude/settings.json')
  const changed = (from: RegExp, to: string): void =>
    machine().write('.claude/settings.json', settings.replace(from, to))
  changed(/"refreshInterval": 5/, '"refreshInterval": 60')
  expect(await troubles()).toMatchObject([
    { what: matching(/status line.*: not as this version/), mend: matching(/--status-line yes$/) },
  ])
  changed(/"command": ".*status\.json.*"/, '"command": "date"')
  expect(await troubles()).toMatchObject([
    {
      what: matching(/status line.*: cannot be written \(statusLine has a value that is not ours/),
      mend: matching(/--status-line no$/),
    },
  ])
})

test('finds entries of an older version', async () => {
  machine().wire('codex')
  const config = machine().read('.codex/config.toml')
  machine().write('.codex/config.toml', config.replace('tool_timeout_sec = 3600', 'tool_timeout_sec = 60'))
  expect(await troubles()).toMatchObject([
    { severity: 'warning', what: matching(/^Codex: MCP server.*: not as this version writes it: /) },
  ])
})

test('finds hooks of an older version that had no mail', async () => {
  machine().wire('claude')
  const settings: unknown = JSON.parse(machine().read('.claude/settings.json'))
  expect(settings).toHaveProperty('hooks.Stop')
  const older = JSON.stringify(settings, (key, value: unknown) => (key === 'Stop' ? undefined : value), 2)
  machine().write('.claude/settings.json', older)
  expect(await troubles()).toMatchObject([
    {
      severity: 'warning',
      what: matching(/^Claude Code: .*mail and wake hooks: not as this version writes it: /),
    },
  ])
})

test('finds an entry that setup did not write', async () => {
  machine().write('.gemini/settings.json', '{ "mcpServers": { "subagent-mcp": { "command": "npx" } } }')
  expect(await troubles()).toMatchObject([
    { what: matching(/not as this version/), mend: 'subagent-mcp setup --host gemini' },
  ])
})

test('finds an entry whose program no longer exists', async () => {
  machine().wire('opencode')
  const [script = ''] = machine().context.server.args
  rmSync(script)
  expect(await troubles()).toMatchObject([
    { severity: 'error', what: matching(new RegExp(`^opencode starts ${script}, which is not there: `)) },
  ])
})

const unreadable: [
  host: 'claude' | 'codex' | 'gemini',
  path: string,
  broken: (text: string) => string,
  why: RegExp,
][] = [
  ['claude', '.claude.json', (text) => `// mine\n${text}`, /line 1: /],
  ['claude', '.claude/settings.json', (text) => `${text}// mine\n`, /line \d+: /],
  ['codex', '.codex/config.toml', (text) => `${text}\nmodel =`, /line \d+: /],
  ['codex', '.codex/hooks.json', (text) => `\uFEFF${text}`, /line 1: a byte order mark/],
  [
    'codex',
    '.codex/hooks.json',
    (text) => text.replace('{', '{ "mine": 1,'),
    /its host takes no mine at its top/,
  ],
  ['gemini', '.gemini/settings.json', (text) => text.replace(/\}\s*$/, ',}'), /line \d+: /],
]
test.each(unreadable)('%s cannot read its %s', async (host, path, broken, why) => {
  const { wire, write, read, home } = machine()
  wire(host)
  write(path, broken(read(path)))
  expect(await troubles()).toContainEqual({
    severity: 'error',
    what: matching(new RegExp(` cannot read ${join(home, path)}: .*${why.source}`)),
    mend: `mend ${join(home, path)} in an editor`,
  })
})

test('does not call a file broken that its host reads', async () => {
  const { wire, write, read } = machine()
  wire('gemini')
  wire('claude')
  write('.gemini/settings.json', `// mine\n${read('.gemini/settings.json')}`)
  write('.claude.json', `\uFEFF${read('.claude.json')}`)
  expect(await troubles()).toEqual([])
})

test('checks the other files when one is a link to itself', async () => {
  const { wire, home } = machine()
  wire('codex')
  wire('claude')
  rmSync(join(home, '.claude.json'))
  symlinkSync(join(home, '.claude.json'), join(home, '.claude.json'))
  expect(await look()).toMatchObject([
    { severity: 'error', what: matching(/Claude Code cannot read/) },
    { severity: 'ok', what: 'Codex, for all projects' },
  ])
})

test('checks recorded projects, and skips those that no longer exist', async () => {
  const { wire, write, home } = machine()
  wire('claude', { scope: 'project' })
  write('project/.claude/settings.local.json', '{"enabledMcpjsonServers": ["subagent-mcp"]}')
  expect(await look()).toContainEqual({ severity: 'ok', what: `Claude Code, in ${join(home, 'project')}` })
  write('project/.mcp.json', '{}')
  const [trouble] = await troubles()
  expect(trouble).toMatchObject({ mend: 'subagent-mcp setup --host claude --scope project' })
  rmSync(join(home, 'project'), { recursive: true })
  expect(await look()).toEqual([
    {
      severity: 'error',
      what: 'no host has our tools',
      mend: matching(/^install one \(Claude Code, Codex, .*Zed\), and then: subagent-mcp setup$/),
    },
  ])
})

test('reports unreadable records once, and still runs the other checks', async () => {
  const { wire, write, context } = machine()
  wire('gemini')
  write('ours/installer/records.json', 'broken')
  const found = await runDoctorChecks(doctorChecks.slice(3, 8), { ...context }, () => () => undefined)
  expect(found.filter(({ what }) => what.includes('records.json'))).toMatchObject([{ check: 'setup record' }])
  expect(found).toContainEqual({ check: 'hosts', severity: 'ok', what: 'Gemini CLI, for all projects' })
})

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

test('names each plugin of ours, whether it is in use, and that its command is missing', async () => {
  const plugins = () => machine().look(checkPlugins)
  expect(await plugins()).toEqual([])
  machine().write('.claude/settings.json', '{"enabledPlugins":{"subagent-mcp@subagent-mcp":true,"x@y":true}}')
  machine().write('.codex/config.toml', '[plugins."subagent-mcp@ours"]\nenabled = true\n')
  machine().write('.gemini/extensions/subagent-mcp/gemini-extension.json', '{}')
  const missing = (label: string) => ({
    severity: 'error',
    what: `${label}: our plugin starts subagent-mcp, which is not in PATH`,
  })
  expect(await plugins()).toMatchObject(['Claude Code', 'Codex', 'Gemini CLI'].map(missing))
  expect((await look()).filter(({ severity }) => severity === 'error')).toEqual([])
  machine().wire('codex')
  expect(await plugins()).toMatchObject([
    missing('Claude Code'),
    {
      severity: 'ok',
      what: 'Codex has our plugin, too: the entries of setup are in use, the plugin does nothing (codex plugin remove subagent-mcp@ours)',
    },
    missing('Gemini CLI'),
  ])
  machine().write('.claude/settings.json', '{"enabledPlugins":{"subagent-mcp@subagent-mcp":false}}')
  expect(await plugins()).toHaveLength(2)
})
