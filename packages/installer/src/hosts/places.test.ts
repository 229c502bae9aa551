import { expect, test } from 'vitest'
import { hostFolderVariables } from './folders.js'
import { hosts } from './hosts.js'
import type { HostId, HostMachine } from './host.js'
import { bareMachine, fullWiring, hostById } from './machine.test.support.js'

type Row = { host: HostId; on?: Partial<HostMachine>; files: readonly string[] }

const mac = { platform: 'darwin', home: '/Users/ada' } as const
const windows = { platform: 'win32', home: String.raw`C:\Users\ada` } as const
const roaming = { environment: { APPDATA: String.raw`D:\Roaming` } }

const rows: readonly Row[] = [
  { host: 'claude', files: ['/home/ada/.claude.json', '/home/ada/.claude/settings.json'] },
  { host: 'claude', on: mac, files: ['/Users/ada/.claude.json', '/Users/ada/.claude/settings.json'] },
  {
    host: 'claude',
    on: { environment: { CLAUDE_CONFIG_DIR: '/cc' } },
    files: ['/cc/.claude.json', '/cc/settings.json'],
  },
  {
    host: 'claude',
    on: windows,
    files: [String.raw`C:\Users\ada\.claude.json`, String.raw`C:\Users\ada\.claude\settings.json`],
  },
  { host: 'codex', files: ['/home/ada/.codex/config.toml', '/home/ada/.codex/hooks.json'] },
  { host: 'codex', on: { environment: { CODEX_HOME: '/cx' } }, files: ['/cx/config.toml', '/cx/hooks.json'] },
  {
    host: 'codex',
    on: windows,
    files: [String.raw`C:\Users\ada\.codex\config.toml`, String.raw`C:\Users\ada\.codex\hooks.json`],
  },
  {
    host: 'gemini',
    files: ['/home/ada/.gemini/settings.json', '/home/ada/.gemini/policies/subagent-mcp.toml'],
  },
  {
    host: 'gemini',
    on: { environment: { GEMINI_CLI_HOME: '/g' } },
    files: ['/g/.gemini/settings.json', '/g/.gemini/policies/subagent-mcp.toml'],
  },
  { host: 'claude-desktop', files: ['/home/ada/.config/Claude/claude_desktop_config.json'] },
  {
    host: 'claude-desktop',
    on: mac,
    files: ['/Users/ada/Library/Application Support/Claude/claude_desktop_config.json'],
  },
  {
    host: 'claude-desktop',
    on: windows,
    files: [String.raw`C:\Users\ada\AppData\Roaming\Claude\claude_desktop_config.json`],
  },
  {
    host: 'claude-desktop',
    on: { ...windows, ...roaming },
    files: [String.raw`D:\Roaming\Claude\claude_desktop_config.json`],
  },
  { host: 'copilot', files: ['/home/ada/.copilot/mcp-config.json'] },
  { host: 'copilot', on: { environment: { COPILOT_HOME: '/cp' } }, files: ['/cp/mcp-config.json'] },
  { host: 'cursor', files: ['/home/ada/.cursor/mcp.json'] },
  { host: 'cursor', on: windows, files: [String.raw`C:\Users\ada\.cursor\mcp.json`] },
  { host: 'opencode', files: ['/home/ada/.config/opencode/opencode.json'] },
  { host: 'opencode', on: mac, files: ['/Users/ada/.config/opencode/opencode.json'] },
  {
    host: 'opencode',
    on: { exists: (path) => path.endsWith('.jsonc') },
    files: ['/home/ada/.config/opencode/opencode.jsonc'],
  },
  {
    host: 'opencode',
    on: { environment: { XDG_CONFIG_HOME: '/xdg' } },
    files: ['/xdg/opencode/opencode.json'],
  },
  { host: 'vscode', files: ['/home/ada/.config/Code/User/mcp.json'] },
  { host: 'vscode', on: mac, files: ['/Users/ada/Library/Application Support/Code/User/mcp.json'] },
  { host: 'vscode', on: { ...windows, ...roaming }, files: [String.raw`D:\Roaming\Code\User\mcp.json`] },
  { host: 'windsurf', files: ['/home/ada/.codeium/windsurf/mcp_config.json'] },
  { host: 'zed', files: ['/home/ada/.config/zed/settings.json'] },
  { host: 'zed', on: { environment: { XDG_CONFIG_HOME: '/xdg' } }, files: ['/xdg/zed/settings.json'] },
  {
    host: 'zed',
    on: { ...mac, environment: { XDG_CONFIG_HOME: '/xdg' } },
    files: ['/Users/ada/.config/zed/settings.json'],
  },
  { host: 'zed', on: { ...windows, ...roaming }, files: [String.raw`D:\Roaming\Zed\settings.json`] },
]

test.each(rows)('$host of the user is in $files', ({ host, on, files }) => {
  expect(paths(host, bareMachine(on), 'user')).toEqual(files)
})

test.each<{ host: HostId; files: readonly string[] }>([
  { host: 'claude', files: ['/work/project/.mcp.json', '/work/project/.claude/settings.json'] },
  { host: 'codex', files: ['/work/project/.codex/config.toml', '/work/project/.codex/hooks.json'] },
  { host: 'gemini', files: ['/work/project/.gemini/settings.json'] },
  { host: 'claude-desktop', files: [] },
  { host: 'copilot', files: ['/work/project/.github/mcp.json'] },
  { host: 'cursor', files: ['/work/project/.cursor/mcp.json'] },
  { host: 'opencode', files: ['/work/project/opencode.json'] },
  { host: 'vscode', files: ['/work/project/.vscode/mcp.json'] },
  { host: 'windsurf', files: [] },
  { host: 'zed', files: ['/work/project/.zed/settings.json'] },
])('$host of a project is in $files', ({ host, files }) => {
  expect(paths(host, bareMachine(), 'project')).toEqual(files)
  expect(hostById(host).scopes.includes('project')).toBe(files.length > 0)
})

test('no two hosts write the same place of a file, in either scope', () => {
  for (const scope of ['user', 'project'] as const) {
    const places = hosts.flatMap((host) =>
      host
        .changes(bareMachine(), fullWiring({ scope }))
        .flatMap(({ path, edits }) =>
          edits.map((edit) => JSON.stringify([path, edit.path, 'ours' in edit && edit.ours])),
        ),
    )
    expect(new Set(places).size).toBe(places.length)
  }
})

test('a relative XDG_CONFIG_HOME is ignored, as its specification has it', () => {
  const environment = { XDG_CONFIG_HOME: 'xdg' }
  expect(paths('zed', bareMachine({ environment }), 'user')).toEqual(['/home/ada/.config/zed/settings.json'])
})

test.each([
  { host: 'claude', path: '/home/ada/.claude/CLAUDE.md', moved: '/moved/CLAUDE.md' },
  { host: 'codex', path: '/home/ada/.codex/AGENTS.md', moved: '/moved/AGENTS.md' },
  { host: 'gemini', path: '/home/ada/.gemini/GEMINI.md', moved: '/moved/.gemini/GEMINI.md' },
] as const)('the model of $host reads $path', ({ host, path, moved }) => {
  const environment = Object.fromEntries(hostFolderVariables.map((name) => [name, '/moved']))
  expect(hostById(host).instructions?.(bareMachine())).toBe(path)
  expect(hostById(host).instructions?.(bareMachine({ environment }))).toBe(moved)
})

test('an empty variable moves no folder', () => {
  const environment = {
    CLAUDE_CONFIG_DIR: '',
    CODEX_HOME: '',
    GEMINI_CLI_HOME: '',
    XDG_CONFIG_HOME: '',
    COPILOT_HOME: '',
  }
  for (const { id } of hosts) {
    expect(paths(id, bareMachine({ environment }), 'user')).toEqual(paths(id, bareMachine(), 'user'))
  }
})

test.each(hosts)('$label is present by its folder, and absent on a bare machine', (host) => {
  const [first] = host.changes(bareMachine(), fullWiring())
  expect(host.isPresent(bareMachine())).toBe(false)
  expect(host.isPresent(bareMachine({ exists: (path) => first?.path.startsWith(path) ?? false }))).toBe(true)
})

function paths(host: HostId, machine: HostMachine, scope: 'user' | 'project'): string[] {
  return [
    ...new Set(
      hostById(host)
        .changes(machine, fullWiring({ scope }))
        .map(({ path }) => path),
    ),
  ]
}
