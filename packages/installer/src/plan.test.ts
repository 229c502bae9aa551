import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readUtf8File } from './file/read-text.js'
import type { FileChange } from './hosts/host.js'
import { hosts } from './hosts/hosts.js'
import { fullWiring, hostById, realMachine } from './hosts/machine.test.support.js'
import { planFileChanges, type PlannedFile, type FilePlanStep, reverseChange } from './plan.js'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'subagent-plan-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

/** Contents of files of users, as unlike each other as their hosts allow. */
const theirs: Record<string, string> = {
  '.claude.json': '\uFEFF{"numStartups": 12345678901234567890, "mcpServers": {"x": {"command": "x"}}}',
  '.claude/settings.json':
    '{\r\n\t"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "true"}]}]},\r\n\t"permissions": {"deny": ["WebFetch"]}\r\n}\r\n',
  '.codex/config.toml':
    '# mine\nmodel = "m" # keep\n\n[mcp_servers.x] # other\ncommand = "x"\n[agents]\nmax = 3',
  '.codex/hooks.json': '{ "hooks": {} }',
  '.gemini/settings.json': '{\n  // mine\n  "mcpServers": { /* none */ },\n  "tools": {}\n}\n',
  '.config/zed/settings.json':
    '// Zed settings\n{\n  "theme": "One", // a\n  "context_servers": {\n  },\n}\n',
  '.config/opencode/opencode.jsonc': '// nothing yet\n',
}

test('sets up every host once, and the undo restores the old bytes', () => {
  for (const [path, text] of Object.entries(theirs)) write(path, text)
  const planned = planFileChanges(wanted(), readUtf8File)
  expect(planned.map(({ type }) => type)).toEqual(planned.map(() => 'write'))
  apply(planned)
  expect(types(planFileChanges(wanted(), readUtf8File))).toEqual(new Set(['unchanged']))
  for (const item of planned) {
    const [before, after] = item.type === 'write' ? undone(item) : []
    if (before !== undefined) expect(after).toBe(before)
  }
})

test("puts this version's hooks in the place of an older one's, which ran node whatever the mode was", () => {
  apply(planFileChanges(wanted(), readUtf8File))
  const files = ['.claude/settings.json', '.codex/hooks.json', '.gemini/settings.json']
  const current = files.map(read)
  const older = current.map((text) => text.replaceAll(/"\[ .*? \|\| exec /g, '"'))
  expect(older).not.toEqual(current)
  for (const [index, path] of files.entries()) write(path, older[index] ?? '')
  apply(planFileChanges(wanted(), readUtf8File))
  expect(files.map(read)).toEqual(current)
})

test('lists each file once, with all its changes', () => {
  write('.claude/settings.json', '{}\n')
  const [state, settings] = planFileChanges(hostById('claude').changes(machine(), fullWiring()), readUtf8File)
  expect(state).toMatchObject({ type: 'write', path: join(home, '.claude.json'), before: undefined })
  expect(state?.type === 'write' && state.diff.split('\n').slice(0, 4)).toEqual([
    '--- /dev/null',
    `+++ ${join(home, '.claude.json')}`,
    '@@ -0,0 +1,12 @@',
    '+{',
  ])
  expect(settings?.type === 'write' && settings.changes.map(({ what }) => what)).toEqual([
    'orchestration, mail and wake hooks',
    'our tools allowed without asking',
    'own sub-agents turned off',
    'status line with agents at work',
  ])
})

test('refuses a file that its host cannot read, and plans the others', () => {
  write('.claude.json', '{ // a comment\n}\n')
  const [refused, settings] = planFileChanges(
    hostById('claude').changes(machine(), fullWiring()),
    readUtf8File,
  )
  expect(refused?.type === 'refused' && refused.why).toMatch(/^line 1: /)
  expect(refused?.type === 'refused' && JSON.parse(refused.change.snippet)).toMatchObject({
    mcpServers: { 'subagent-mcp': { type: 'stdio' } },
  })
  expect(settings).toMatchObject({ type: 'write' })
})

test('plans the possible changes of a file', () => {
  write('.claude/settings.json', '{"hooks": "none", "permissions": {"allow": []}}')
  const [, settings, ...rest] = planFileChanges(
    hostById('claude').changes(machine(), fullWiring()),
    readUtf8File,
  )
  expect(settings?.type === 'write' && settings.changes.map(({ what }) => what)).toEqual([
    'our tools allowed without asking',
    'own sub-agents turned off',
    'status line with agents at work',
  ])
  expect(rest).toMatchObject([{ type: 'refused', change: { what: 'orchestration, mail and wake hooks' } }])
})

test('refuses a file of hooks that Codex passes by, and takes ours out of it', () => {
  const before = '{"version": 1, "hooks": {}}'
  write('.codex/hooks.json', before)
  const hooks = hostById('codex')
    .changes(machine(), fullWiring())
    .filter(({ what }) => what.includes('hooks'))
  expect(planFileChanges(hooks, readUtf8File)).toMatchObject([
    { type: 'refused', why: 'its host takes no version at its top' },
  ])
  expect(types(planFileChanges(hooks.map(reverseChange), readUtf8File))).toEqual(new Set(['unchanged']))
})

test('two hosts whose files are links to one are one write, and nothing the next time', () => {
  write('shared.json', '{"mine": 1}\n')
  for (const path of ['.cursor/mcp.json', '.copilot/mcp-config.json', '.claude.json']) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    symlinkSync(join(home, 'shared.json'), join(home, path))
  }
  const both = (['claude', 'cursor', 'copilot'] as const).flatMap((id) =>
    hostById(id).changes(machine(), fullWiring({ hooks: false, suppressNative: false })),
  )
  const registrations = both.filter(({ what }) => what.startsWith('MCP server'))
  const planned = planFileChanges(registrations, readUtf8File)
  expect(planned.filter(({ type }) => type === 'write')).toHaveLength(1)
  apply(planned)
  expect(types(planFileChanges(registrations, readUtf8File))).toEqual(new Set(['unchanged']))
})

test('passes on why a file could not be read', () => {
  const why = 'not UTF-8'
  const planned = planFileChanges(hostById('codex').changes(machine(), fullWiring()), () => ({
    type: 'refused',
    why,
  }))
  expect(planned).toMatchObject([
    { type: 'refused', why },
    { type: 'refused', why },
    { type: 'refused', why },
    { type: 'refused', why },
  ])
})

test('reversed changes remove only entries with our name', () => {
  for (const [path, text] of Object.entries(theirs)) write(path, text)
  apply(planFileChanges(wanted(), readUtf8File))
  apply(planFileChanges(wanted().map(reverseChange), readUtf8File))
  expect(types(planFileChanges(wanted().map(reverseChange), readUtf8File))).toEqual(new Set(['unchanged']))
  for (const { path } of wanted()) expect(readFileSync(path, 'utf8')).not.toContain('subagent-mcp')
  expect(read('.codex/config.toml')).toContain('enabled = false')
})

/** The old text of a file, and the text after the undo of a plan is applied to the present one. */
function undone({ path, before, changes, undo }: PlannedFile): readonly (string | undefined)[] {
  const [back] = planFileChanges(
    changes.slice(0, 1).map((change) => ({ ...change, edits: undo })),
    readUtf8File,
  )
  return [before, back?.type === 'write' && back.path === path ? back.after : undefined]
}

function wanted(): FileChange[] {
  return hosts.flatMap((host) => host.changes(machine(), fullWiring()))
}

function machine() {
  return realMachine(home)
}

function apply(planned: readonly FilePlanStep[]) {
  for (const item of planned) if (item.type === 'write') write(item.path, item.after)
}

function read(path: string): string {
  return readFileSync(join(home, path), 'utf8')
}

function write(path: string, text: string) {
  const whole = path.startsWith(home) ? path : join(home, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, text)
}

function types(planned: readonly FilePlanStep[]): Set<string> {
  return new Set(planned.map(({ type }) => type))
}
