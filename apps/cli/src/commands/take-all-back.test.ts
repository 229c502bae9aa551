import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing } from '../agents/definition-files.test.support.js'
import { useSetupMachine, type SetupMachine } from './setup-machine.test.support.js'
import { readUninstallOrder } from './uninstall-order.js'

const theMachine = useSetupMachine()

/** What users have in these files. */
const theirs: Record<string, string> = {
  '.claude.json': '{"numStartups": 12345678901234567890, "mcpServers": {"x": {"command": "x"}}}',
  '.claude/settings.json':
    '\uFEFF{\r\n\t"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "true"}]}]}\r\n}\r\n',
  '.codex/config.toml': '\uFEFF# mine\r\nmodel = "m" # keep\r\n\r\n[mcp_servers.x] # other\r\ncommand = "x"',
  '.gemini/settings.json': '{\n  // mine\n  "mcpServers": { /* none */ },\n  "tools": {}\n}\n',
}

test('the words', () => {
  expect(readUninstallOrder([])).toEqual({ purge: false, dryRun: false, yes: false, json: false })
  expect(readUninstallOrder(['--purge', '--dry-run', '-y', '--json'])).toEqual({
    purge: true,
    dryRun: true,
    yes: true,
    json: true,
  })
  expect(() => readUninstallOrder(['claude'])).toThrow("there is a 'claude' too many")
})

test('gives every file its bytes back, after more than one setup, in projects too', async () => {
  const machine = wired()
  const { setup, uninstall, files } = machine
  await setup('--yes')
  await setup('--yes', '--scope', 'project', '--suppress-native')
  await setup('--yes', '--no-hooks')
  expect(files()).not.toEqual(theirs)
  const { code, stdout } = await uninstall('--yes')
  expect(code).toBe(0)
  expect(stdout).toContain('~/.claude.json: as it was before\n')
  expect(files()).toEqual(theirs)
  expect(existsSync(join(machine.home, 'project/.claude'))).toBe(false)
  expect((await uninstall('--yes')).stdout).toBe('nothing of ours is in any file\n')
})

test('keeps what others wrote since', async () => {
  const { setup, uninstall, files, read, write } = wired()
  await setup('--yes')
  write('.codex/config.toml', `${read('.codex/config.toml')}\r\n[tui]\r\ntheme = "x"\r\n`)
  const foreseen = await uninstall('--dry-run')
  expect(foreseen.stdout).toContain('~/.codex/config.toml: without ours; what others wrote since stays\n')
  expect(read('.codex/config.toml')).toContain('subagent-mcp')
  expect((await uninstall('--yes')).stdout).toBe(foreseen.stdout)
  expect(files()).toEqual({
    ...theirs,
    '.codex/config.toml': `${theirs['.codex/config.toml']}\r\n[tui]\r\ntheme = "x"\r\n`,
  })
})

test('a file that cannot be edited any more stays on record until it can', async () => {
  const { setup, uninstall, files, read, write, terminal } = wired()
  await setup('--yes')
  const text = read('.gemini/settings.json')
  write('.gemini/settings.json', `${text}}`)
  const { code, stdout } = await uninstall('--yes', '--purge')
  expect(code).toBe(1)
  expect(stdout).toMatch(/~\/\.gemini\/settings\.json: ours could not be taken out: line \d+: /)
  expect(stdout).toContain('our own state is kept, since not all files could be taken back\n')
  write('.gemini/settings.json', text)
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type('no', 'yes')
  expect(await uninstall()).toMatchObject({
    code: 1,
    stderr: 'take 1 file back? [y/N] nothing was taken back\n',
  })
  expect(await uninstall()).toMatchObject({ code: 0 })
  expect(files()).toEqual(theirs)
})

test('finds what is ours where the records were lost', async () => {
  const { setup, uninstall, files, home } = wired()
  await setup('--yes')
  rmSync(join(home, 'ours'), { recursive: true })
  expect(await uninstall('--yes')).toMatchObject({ code: 0 })
  for (const text of Object.values(files())) expect(text).not.toMatch(/subagent-mcp|trusted_hash/)
  expect(files()).toMatchObject({
    '.claude.json': theirs['.claude.json'],
    '.gemini/settings.json': containing('// mine'),
  })
})

test('asks, and needs a word where nobody is', async () => {
  const { setup, uninstall, terminal } = wired()
  await setup('--yes')
  await expect(uninstall()).rejects.toMatchObject({ hint: 'subagent-mcp uninstall --yes does not ask' })
  expect(terminal.said.stdout).toContain('~/.claude.json: as it was before\n')
})

test('purges our state, and leaves what the user keeps there', async () => {
  const { setup, uninstall, home } = wired()
  await setup('--yes')
  mkdirSync(join(home, 'ours/agents'))
  writeFileSync(join(home, 'ours/journal.db-wal'), '')
  const { stdout } = await uninstall('--yes', '--purge', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    files: [{ path: join(home, '.claude.json'), type: 'restored' }, {}, {}, {}, {}],
    purge: { type: 'purged', folder: join(home, 'ours'), kept: ['agents'] },
  })
  expect(existsSync(join(home, 'ours/installer'))).toBe(false)
  rmSync(join(home, 'ours/agents'), { recursive: true })
  expect((await uninstall('--yes', '--purge')).stdout).toContain('~/ours is gone\n')
  expect(existsSync(join(home, 'ours'))).toBe(false)
})

function wired(): SetupMachine {
  const machine = theMachine()
  for (const [path, text] of Object.entries(theirs)) machine.write(path, text)
  return machine
}
