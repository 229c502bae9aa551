import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test('without a person at a terminal it shows the changes and needs --yes', async () => {
  const { setup, terminal, files } = theMachine()
  await expect(setup()).rejects.toMatchObject({
    code: 'unknown-parameter',
    message: 'write 5 files? No person is at a terminal to answer',
    hint: 'subagent-mcp setup --yes does not ask',
  })
  expect(terminal.said.stdout).toContain('+++ ')
  expect(files()).toEqual({})
})

test.each([
  ['--status-line', 'yes'],
  ['--wake-codex', 'no'],
])('%s is refused for a project, whose settings have no such answer', async (flag, answer) => {
  const { setup, files } = theMachine()
  await expect(setup('--yes', '--scope', 'project', flag, answer)).rejects.toMatchObject({
    message: `${flag} changes settings of yours, not of the project: run setup ${flag} without --scope project`,
  })
  expect(files()).toEqual({})
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
    environment: {
      ...terminal.environment,
      HOME: join(home, 'empty'),
      PATH: '',
      SUBAGENT_MCP_CODEX_PATH: '',
    },
  })
  const { code, stdout } = await setup()
  expect(code).toBe(1)
  expect(stdout).toContain('No coding agent was found on this machine. Install one and sign in to it:\n')
  for (const command of ['@anthropic-ai/claude-code', '@openai/codex', '@google/gemini-cli'])
    expect(stdout).toContain(`npm install -g ${command}`)
  expect(JSON.parse((await setup('--yes', '--json')).stdout)).toMatchObject({ applied: false, hosts: [] })
})
