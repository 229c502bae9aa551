import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, relative } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { containing } from '@subagent-mcp/testkit'
import { getServiceManager } from '@subagent-mcp/installer'
import { useSetupMachine, type SetupMachine } from './setup-machine.test.support.js'

const theMachine = useSetupMachine()

/** The user's own contents of the hosts' files. */
const theirs: Record<string, string> = {
  '.claude.json': '{"numStartups": 12345678901234567890, "mcpServers": {"x": {"command": "x"}}}',
  '.claude/settings.json':
    '\uFEFF{\r\n\t"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "true"}]}]}\r\n}\r\n',
  '.codex/config.toml': '\uFEFF# mine\r\nmodel = "m" # keep\r\n\r\n[mcp_servers.x] # other\r\ncommand = "x"',
  '.gemini/settings.json': '{\n  // mine\n  "mcpServers": { /* none */ },\n  "tools": {}\n}\n',
}

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
  expect((await uninstall('--yes')).stdout).toBe('no file has entries of subagent-mcp\n')
})

test('keeps what others wrote since', async () => {
  const { setup, uninstall, files, read, write } = wired()
  await setup('--yes')
  write('.codex/config.toml', `${read('.codex/config.toml')}\r\n[tui]\r\ntheme = "x"\r\n`)
  const foreseen = await uninstall('--dry-run')
  expect(foreseen.stdout).toContain(
    '~/.codex/config.toml: without entries of subagent-mcp; later changes by others stay\n',
  )
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
  const foreseen = await uninstall('--dry-run')
  const { code, stdout } = await uninstall('--yes', '--purge')
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /~\/\.gemini\/settings\.json: the entries of subagent-mcp could not be removed: line \d+: /,
  )
  expect(stdout).toContain(foreseen.stdout)
  expect(stdout).toContain('the state is kept: not all files could be restored\n')
  write('.gemini/settings.json', text)
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type('no', 'yes')
  expect(await uninstall()).toMatchObject({
    code: 1,
    stderr: 'undo the changes in 1 file? [y/N] nothing was undone\n',
  })
  expect(await uninstall()).toMatchObject({ code: 0 })
  expect(files()).toEqual(theirs)
})

test('finds what is ours where the records were lost', async () => {
  const { setup, uninstall, files, home } = wired()
  await setup('--yes')
  await setup('--yes', '--scope', 'project')
  rmSync(join(home, 'ours'), { recursive: true })
  const { code, stdout } = await uninstall('--yes')
  expect(code).toBe(0)
  expect(stdout).toContain(
    '~/.claude.json: without entries that name subagent-mcp; there is no record of the file\n',
  )
  for (const text of Object.values(files())) expect(text).not.toMatch(/subagent-mcp|trusted_hash/)
  expect(files()).toMatchObject({
    '.claude.json': theirs['.claude.json'],
    '.gemini/settings.json': containing('// mine'),
  })
})

test('takes the trust of a project out where the records and all else of ours were lost', async () => {
  const { setup, uninstall, read, home } = wired()
  await setup('--yes', '--scope', 'project', '--host', 'codex')
  expect(read('.codex/config.toml')).toContain('trusted_hash')
  rmSync(join(home, 'ours'), { recursive: true })
  await uninstall('--yes')
  expect(read('.codex/config.toml')).not.toContain('trusted_hash')
})

test('leaves a project alone that has our server of its own accord', async () => {
  const { setup, uninstall, write, read } = wired()
  await setup('--yes', '--host', 'claude')
  const own = '{"mcpServers": {"subagent-mcp": {"command": "npx"}}}'
  write('project/.mcp.json', own)
  expect((await uninstall('--yes')).stdout).not.toContain('.mcp.json')
  expect(read('project/.mcp.json')).toBe(own)
})

test("the trust of the user's later hooks moves with them", async () => {
  const { setup, uninstall, read, write } = wired()
  await setup('--yes', '--host', 'codex')
  const hooks = z.looseObject({ hooks: z.looseObject({ PreToolUse: z.array(z.unknown()) }) })
  const file = hooks.parse(JSON.parse(read('.codex/hooks.json')))
  file.hooks.PreToolUse.push({ hooks: [{ type: 'command', command: 'guard' }] })
  write('.codex/hooks.json', JSON.stringify(file))
  const stateAt = (place: number) =>
    `[hooks.state."${join(theMachine().home, '.codex/hooks.json')}:pre_tool_use:${place}:0"]\r\ntrusted_hash = "guard"`
  write('.codex/config.toml', `${read('.codex/config.toml')}\r\n${stateAt(1)}\r\n`)
  expect(await uninstall('--yes')).toMatchObject({ code: 0 })
  expect(read('.codex/hooks.json')).toContain('guard')
  expect(read('.codex/config.toml').replace(/\r?\n/g, '\r\n')).toContain(stateAt(0))
  expect(read('.codex/config.toml')).not.toContain(':pre_tool_use:1:0')
})

test('asks at a terminal, and needs --yes elsewhere', async () => {
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
  expect((await uninstall('--yes', '--purge')).stdout).toContain('~/ours: deleted\n')
  expect(existsSync(join(home, 'ours'))).toBe(false)
})

test('says what a purge takes before it does', async () => {
  const { setup, uninstall, terminal, home } = wired()
  await setup('--yes', '--host', 'gemini')
  expect((await uninstall('--purge', '--dry-run')).stdout).toContain('~/ours: without agents')
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type('no', 'no')
  expect((await uninstall('--purge')).stderr).toContain(
    'undo the changes in 1 file, and delete the state in ~/ours?',
  )
  await uninstall('--yes')
  expect((await uninstall('--purge')).stderr).toMatch(/^delete the state in ~\/ours\?/)
  expect(existsSync(join(home, 'ours/installer'))).toBe(true)
})

test('a state that cannot be purged does not prevent the report', async () => {
  const { setup, uninstall, home } = wired()
  mkdirSync(join(home, 'ours/.git'), { recursive: true })
  await setup('--yes', '--host', 'gemini')
  const { code, stdout } = await uninstall('--yes', '--purge', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({
    files: [{ type: 'restored' }],
    purge: { type: 'not-purged', why: containing('is a repository') },
  })
  rmSync(join(home, 'ours/.git'), { recursive: true })
  await listenAs('0.0.0', 'what?')
  const sick = await uninstall('--yes', '--purge')
  expect(sick).toMatchObject({ code: 1, stdout: containing('the state is kept: ') })
})

test.skipIf(process.platform === 'win32')(
  'a service keeps our state, as it would have a daemon there again; one of another folder does not',
  async () => {
    const { uninstall, home, terminal, write } = wired()
    const service = getServiceManager(terminal.environment)
    const program = (folder: string) => ({
      ...{ command: ['node', 'daemon'], stopSeconds: 1 },
      environment: { SUBAGENT_MCP_HOME: join(home, folder) },
    })
    const place = relative(home, service.path)
    write(place, service.text(program('ours')))
    write('ours/journal.db', '')
    const kept = `the state is kept: ${service.path} is installed (subagent-mcp service uninstall)\n`
    expect((await uninstall('--purge', '--dry-run')).stdout).toContain(kept)
    expect(await uninstall('--yes', '--purge')).toMatchObject({ code: 1, stdout: containing(kept) })
    expect(existsSync(join(home, 'ours/journal.db'))).toBe(true)
    write(place, service.text(program('ours-too')))
    expect(await uninstall('--yes', '--purge')).toMatchObject({ code: 0 })
    expect(existsSync(join(home, 'ours/journal.db'))).toBe(false)
  },
)

test('a daemon of another version keeps what it works with', async () => {
  const { uninstall, home } = wired()
  const agents = { running: 0, alive: 0, total: 0 }
  const health = { version: '9.9.9', pid: 4242, startedAt: 0, uptimeSeconds: 1, queue: 0, connections: 0 }
  const journal = { path: '/j', bytes: 0 }
  await listenAs('9.9.9', JSON.stringify({ ...health, hosts: 1, draining: false, agents, journal }))
  writeFileSync(join(home, 'ours/journal.db'), '')
  const { code, stdout } = await uninstall('--yes', '--purge')
  expect(code).toBe(1)
  expect(stdout).toContain(
    'daemon 4242 of version 9.9.9 runs (subagent-mcp daemon stop, with the copy of version 9.9.9)\n',
  )
  expect(existsSync(join(home, 'ours/journal.db'))).toBe(true)
})

/** Starts a fake daemon of a version, which gives every request the same answer. */
async function listenAs(version: string, answer: string): Promise<void> {
  const run = join(theMachine().home, 'ours/run')
  mkdirSync(run, { recursive: true })
  const daemon = createServer((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(answer)
  })
  await new Promise<void>((resolve) => daemon.listen(join(run, `daemon-${version}.sock`), resolve))
  onTestFinished(() => {
    daemon.close()
    daemon.closeAllConnections()
  })
}

function wired(): SetupMachine {
  const machine = theMachine()
  for (const [path, text] of Object.entries(theirs)) machine.write(path, text)
  return machine
}
