import { installFakeClaude, type Fake } from '@subagent-mcp/testkit'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readUserConfig } from '../settings/config.js'
import { useSetupMachine } from '../commands/host/setup-machine.test.support.js'
import { applySetupFromHost, inspectSetupFromHost } from './host-setup.js'

const theMachine = useSetupMachine()
const fakes: Fake[] = []
afterEach(() => {
  for (const fake of fakes.splice(0)) fake.remove()
})

/** A host that a desktop has started: its PATH is short, and npm has installed Claude under nvm. */
function startedByDesktop() {
  const machine = theMachine()
  const { home, terminal } = machine
  const claude = installFakeClaude('well')
  fakes.push(claude)
  const link = join(home, '.nvm/versions/node/v22.1.0/bin/claude')
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(claude.executable, link)
  const { SUBAGENT_MCP_CODEX_PATH, ...own } = terminal.environment
  const environment = { ...own, PATH: '/usr/bin:/bin', ANTHROPIC_API_KEY: 'dummy' }
  return { ...machine, caller: { cwd: terminal.cwd, environment } }
}

test('with a short PATH a host learns who is signed in and what is open, and sets up what its user agrees to', async () => {
  const { caller, home, write, files, uninstall } = startedByDesktop()
  write('project/package.json', '{ "scripts": { "test": "vitest" } }')
  const before = files()
  const { lines, questions } = await inspectSetupFromHost(caller)
  expect(lines).toContain('✓ Claude Code  signed in')
  expect(lines.join('\n')).toMatch(/✗ Codex {8}not signed in\n {4}run `codex login`/)
  expect(lines).toContainEqual(expect.stringMatching(/^error: no host has our tools: /))
  expect(questions.map(({ id, isOn }) => [id, isOn])).toEqual([
    ['hosts', true],
    ['hooks', true],
    ['status-line', false],
    ['codex-wake', false],
    ['test-commands', false],
    ['init', false],
  ])
  expect(files()).toEqual(before)
  expect(await applySetupFromHost(caller, { hosts: false, init: true })).toEqual([
    'nothing was written, since no host was to be registered',
  ])
  expect(files()).toEqual(before)
  const done = await applySetupFromHost(caller, { hosts: true, hooks: true, 'test-commands': true })
  expect(done).toContain('wrote 6 of 6 files; backups of the old ones are kept')
  expect(done).toContain('In Codex, say: ask Claude to review my changes')
  expect(readUserConfig(caller.environment)).toMatchObject({
    wake: { codex: false },
    permissions: { testCommands: { '~/project': ['npm test:*'] } },
  })
  const again = await inspectSetupFromHost(caller)
  expect(again.questions.map(({ id }) => id)).toEqual(['init'])
  expect(again.lines).toContain('agents in ~/project run its tests without asking')
  rmSync(join(home, '.nvm'), { recursive: true })
  await uninstall('--yes')
  expect(Object.keys(files())).toEqual(Object.keys(before).filter((name) => !name.startsWith('.nvm')))
})
