import { chmodSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../settings/config.js'
import { useSetupMachine } from './setup-machine.test.support.js'

const theMachine = useSetupMachine()

test('writes what it has shown, and a second time nothing', async () => {
  const { setup, files, home } = theMachine()
  const planned = await setup('--dry-run')
  expect(planned).toMatchObject({ code: 0, stderr: '' })
  expect(files()).toEqual({})
  const { code, stdout, stderr } = await setup('--yes')
  expect(code).toBe(0)
  expect(stderr).toBe('asking codex whether it trusts our hooks ...\n')
  expect(stdout).toContain('wrote 5 of 5 files')
  const written = files()
  expect(Object.keys(written).sort()).toEqual([
    '.claude.json',
    '.claude/settings.json',
    '.codex/config.toml',
    '.codex/hooks.json',
    '.gemini/settings.json',
  ])
  for (const [path, text] of Object.entries(written)) {
    const added = text
      .trimEnd()
      .split('\n')
      .map((line) => `+${line}\n`)
    expect(planned.stdout).toContain(
      `+++ ${join(home, path)}\n@@ -0,0 +1,${added.length} @@\n${added.join('')}`,
    )
    expect(statSync(join(home, path)).mode & 0o777).toBe(0o600)
  }
  expect(written['.codex/config.toml']).toContain(`hooks.json:session_start:0:0"]\ntrusted_hash = "sha256:`)
  const again = await setup()
  expect(again).toMatchObject({ code: 0, stderr: '' })
  expect(again.stdout).toContain('everything is registered already: nothing to write\n')
  expect(files()).toEqual(written)
})

test('asks once at a terminal, and needs --yes elsewhere', async () => {
  const { setup, files, terminal } = theMachine()
  await expect(setup()).rejects.toMatchObject({
    code: 'unknown-parameter',
    message: 'write 5 files? No person is at a terminal to answer',
    hint: 'subagent-mcp setup --yes does not ask',
  })
  expect(terminal.said.stdout).toContain('+++ ')
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type('n')
  const { code, stdout, stderr } = await setup('--host', 'claude,gemini')
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'write 3 files? [y/N] nothing was written\n' })
  expect(stdout).toContain('Claude Code\n  ~/.claude.json: MCP server\n')
  expect(stdout).not.toContain('+++ ')
  expect(files()).toEqual({})
  terminal.type('y')
  expect(await setup('--host', 'claude,gemini')).toMatchObject({ code: 0 })
})

const config = 'ours/config.jsonc'

test.each([
  ['', true],
  ['y', true],
  ['n', false],
])('asks a person once whether Codex is woken: %j', async (answer, isOn) => {
  const { setup, read, write, uninstall, terminal, home } = theMachine()
  write(config, '{ // mine\n}\n')
  await setup('--yes', '--host', 'codex')
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type(answer, 'y')
  const { code, stdout, stderr } = await setup('--host', 'codex')
  expect(code).toBe(0)
  expect(stderr).toContain(
    'wake an idle Codex session when its agent has finished or asks? Codex shows the message as yours. [Y/n] write 1 file? [y/N] ',
  )
  expect(stdout).toContain(`config.jsonc: idle sessions are ${isOn ? '' : 'not '}woken\n`)
  expect(stdout.includes('idle sessions of Codex: subagent-mcp daemon restart')).toBe(isOn)
  expect(readConfig(terminal.environment).wake).toEqual({ maxTurns: 10, codex: isOn })
  expect(read(config)).toContain('// mine')
  expect((await setup('--host', 'codex')).stdout).toContain('nothing to write')
  await uninstall('--yes')
  expect(read(config)).toBe('{ // mine\n}\n')
  expect(statSync(join(home, config)).mode & 0o777).toBe(0o644)
})

test('setup does not ask whether to wake Codex without a terminal, for a project, or with a broken configuration; no answer changes nothing', async () => {
  const { setup, write, terminal, home } = theMachine()
  const planned = await setup('--dry-run', '--host', 'codex')
  expect(planned.stdout).toContain(
    'Codex: idle sessions are not woken when an agent has finished: setup asks at a terminal without --yes, or set wake.codex in ~/ours/config.jsonc',
  )
  const data: unknown = JSON.parse((await setup('--json', '--yes', '--host', 'codex')).stdout)
  const question = { host: 'codex', setting: 'wake.codex', path: join(home, config) }
  expect(data).toMatchObject({ applied: true, questions: [question] })
  expect(existsSync(join(home, config))).toBe(false)
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type(undefined)
  expect((await setup('--host', 'codex')).stdout).toContain('nothing to write')
  expect((await setup('--host', 'gemini', '--dry-run')).stdout).not.toContain('woken')
  expect((await setup('--scope', 'project', '--host', 'codex', '--dry-run')).stdout).not.toContain('woken')
  write(config, '{ "wake": 7 }')
  expect((await setup('--host', 'codex', '--dry-run')).stdout).not.toContain('woken')
})

test('a file that its host cannot read is reported with the lines to paste, and the other hosts are registered', async () => {
  const { setup, write, files } = theMachine()
  write('.claude.json', '{ // mine\n}')
  const { code, stdout } = await setup('--yes', '--host', 'claude,gemini')
  expect(code).toBe(1)
  expect(stdout).toMatch(/~\/\.claude\.json: MCP server: not possible: line 1: /)
  expect(stdout).toMatch(/add this by hand:\n {4}\{\n {4} {2}"mcpServers": \{/)
  expect(files()['.claude.json']).toBe('{ // mine\n}')
  expect(files()['.gemini/settings.json']).toContain('subagent-mcp')
})

test('a project gets files that others may read', async () => {
  const { setup, files, home } = theMachine()
  const { code, stderr } = await setup('--yes', '--scope', 'project', '--host', 'claude')
  expect(code).toBe(0)
  expect(stderr).toContain('will name a path of this machine')
  expect(Object.keys(files()).sort()).toEqual(['project/.claude/settings.json', 'project/.mcp.json'])
  // A checkout runs here: no registry has its version.
  expect(Object.values(files()).join('\n')).not.toContain('npx')
  expect(files()['project/.mcp.json']).toContain('bin/subagent-mcp.js')
  expect(statSync(join(home, 'project/.mcp.json')).mode & 0o777).toBe(0o644)
  expect(statSync(join(home, 'project/.claude')).mode & 0o777).toBe(0o755)
  await expect(setup('--scope', 'project', '--host', 'windsurf')).rejects.toMatchObject({
    message: 'Windsurf cannot be wired for a project',
  })
})

test('hooks that are not wanted any more go, with their trust', async () => {
  const { setup, read } = theMachine()
  await setup('--yes', '--host', 'claude,codex')
  const words = ['--yes', '--host', 'claude,codex', '--no-hooks']
  expect((await setup(...words)).stdout).toContain('~/.codex/hooks.json: orchestration hooks taken out\n')
  expect(read('.claude/settings.json')).not.toContain('hook claude')
  expect(read('.claude/settings.json')).toContain('mcp__subagent-mcp')
  expect(read('.codex/config.toml')).not.toContain('trusted_hash')
  expect((await setup(...words)).stdout).not.toContain('taken out')
})

test('hooks that cannot be taken out are not to be put in by hand', async () => {
  const { setup, write } = theMachine()
  write('.codex/hooks.json', '{ // mine\n}')
  const { code, stdout } = await setup('--yes', '--host', 'codex', '--no-hooks')
  expect(code).toBe(1)
  expect(stdout).toContain('orchestration hooks taken out: not possible: line 1')
  expect(stdout).not.toContain('by hand')
})

test('own sub-agents that we had turned off come back, and what the user denies stays', async () => {
  const { setup, write, read, uninstall, files } = theMachine()
  const theirs = { '.claude/settings.json': '{ "permissions": { "deny": ["Workflow"] } }\n' }
  write('.claude/settings.json', theirs['.claude/settings.json'])
  const words = ['--yes', '--host', 'claude,codex,gemini', '--no-trust']
  for (let round = 0; round < 2; round += 1) {
    await setup(...words, '--suppress-native')
    expect(read('.claude/settings.json')).toMatch(/"deny": \["Workflow", "Agent"\]/)
    expect((await setup(...words)).stdout).toContain('own sub-agents turned on again')
    expect(read('.claude/settings.json')).toContain('"deny": ["Workflow"]')
    expect(read('.codex/config.toml')).not.toMatch(/enabled|multi_agent/)
    expect(read('.gemini/policies/subagent-mcp.toml').trim()).toBe('')
    expect((await setup(...words)).stdout).not.toContain('turned on again')
  }
  await uninstall('--yes')
  expect(files()).toEqual(theirs)
})

test('what could not be written is not remembered as set up', async () => {
  const { setup, write, home } = theMachine()
  write('.claude.json', '{}')
  chmodSync(join(home, '.claude.json'), 0o444)
  const { code, stdout } = await setup('--yes', '--host', 'claude,gemini')
  expect(code).toBe(1)
  expect(stdout).toMatch(/~\/\.claude\.json was not written: .*the file is read-only/)
  const state: unknown = JSON.parse(theMachine().read('ours/installer/records.json'))
  expect(state).toMatchObject({ choices: [{ host: 'gemini' }] })
  expect(state).not.toHaveProperty('choices.1')
})

test('Codex has the last word on trust', async () => {
  const { setup, read, codexSays } = theMachine()
  codexSays('untrusted')
  expect((await setup('--yes', '--host', 'codex')).stdout).not.toContain('run /hooks')
  expect(read('.codex/config.toml')).toContain('[hooks.state."codex:0"]\ntrusted_hash = "sha256:own"\n')
  const settled = read('.codex/config.toml')
  expect((await setup('--host', 'codex')).stdout).toContain('nothing to write')
  expect(read('.codex/config.toml')).toBe(settled)
})

test('hooks that Codex does not read are reported', async () => {
  const { setup, codexSays } = theMachine()
  codexSays('nothing')
  expect((await setup('--yes', '--host', 'codex')).stdout).toContain('Codex does not read our hooks here')
})

test('trust may be left to the person', async () => {
  const { setup, read } = theMachine()
  expect(await setup('--yes', '--host', 'codex', '--no-trust')).toMatchObject({ stderr: '' })
  expect(read('.codex/config.toml')).not.toContain('trusted_hash')
})

test('the same as JSON', async () => {
  const { setup } = theMachine()
  const plan: unknown = JSON.parse((await setup('--json', '--dry-run', '--host', 'gemini')).stdout)
  expect(plan).toMatchObject({
    applied: false,
    hosts: [{ id: 'gemini', tested: true }],
    files: [{ type: 'planned', what: [{ host: 'gemini' }, { host: 'gemini', what: 'orchestration hooks' }] }],
  })
  const done: unknown = JSON.parse((await setup('--json', '--yes', '--host', 'gemini')).stdout)
  expect(done).toMatchObject({ applied: true, files: [{ type: 'written' }] })
})

test('without a host there is nothing to do', async () => {
  const { setup, terminal, home } = theMachine()
  Object.assign(terminal, {
    home: join(home, 'empty'),
    environment: { ...terminal.environment, PATH: '', SUBAGENT_MCP_CODEX_PATH: '' },
  })
  await expect(setup()).rejects.toMatchObject({ code: 'not-installed' })
})
