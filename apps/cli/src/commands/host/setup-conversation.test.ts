import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readUserConfig } from '../../settings/config.js'
import { rollBackLastRun, useSetupMachine } from './setup-machine.test.support.js'

const theMachine = useSetupMachine()
const config = 'ours/config.jsonc'

/** A machine with a person at the terminal, and a project whose tests npm runs. */
function withPerson() {
  const machine = theMachine()
  machine.write('project/package.json', '{ "scripts": { "test": "vitest" } }\n')
  machine.terminal.widen({ columns: 100, rows: 40 })
  const before = machine.files()
  return { ...machine, before }
}

/** The questions that setup has asked, in their order. */
function asked(stderr: string): string[] {
  return stderr
    .split(/ \[Y\/n(?:\/d)?\] /)
    .slice(0, -1)
    .map((text) => text.split('\n').at(-1) ?? '')
}

const questions = [
  'Register subagent-mcp in Claude Code, Codex and Gemini CLI?',
  'Install the hooks?',
  'Show agents there?',
  'Wake idle sessions of Codex?',
  'Let agents run them in this project without asking?',
  'Write it?',
]

test('asks question after question, writes after the last Enter, and the second run asks nothing', async () => {
  const { setup, terminal, files, uninstall, before, read, home } = withPerson()
  terminal.type('', '', '', '', '', '')
  const { stdout, stderr } = await setup()
  expect(asked(stderr)).toEqual(questions)
  expect(stdout).toMatch(/✗ Codex {8}not signed in\n {4}run `codex login`/)
  expect(stdout).toContain('npm test             package.json\n')
  expect(stdout).toContain('~/.claude.json: MCP server\n')
  expect(stdout).not.toContain('+++ ')
  expect(stdout).toContain('wrote 6 of 6 files')
  expect(stdout).toContain('wrote ~/project/AGENTS.md: when to delegate\n')
  expect(stdout).toContain('first to do, of subagent-mcp doctor: ')
  expect(stdout).toContain('uninstall undoes everything\n')
  const { wake, permissions } = readUserConfig(terminal.environment)
  expect(wake.codex).toBe(true)
  const command: unknown = expect.stringMatching(/\|\| exec .* hook claude status$/)
  const shown = { type: 'command', command, refreshInterval: 5 }
  expect(statusLineIn(read('.claude/settings.json'))).toEqual(shown)
  expect(permissions.testCommands).toEqual({ '~/project': ['npm test:*'] })
  expect(statSync(join(home, config)).mode & 0o777).toBe(0o600)
  expect(read('project/AGENTS.md')).toContain('BEGIN:subagent-mcp')
  const written = files()
  const again = await setup()
  expect(asked(again.stderr)).toEqual([])
  for (const so of [
    '✓ registered in Claude Code, Codex and Gemini CLI',
    '✓ Claude Code, Codex and Gemini CLI learn by hooks that an agent has finished',
    '✓ the status line of Claude Code shows agents at work',
    '✓ idle sessions of Codex are woken when an agent has finished',
    '✓ agents in ~/project run its tests without asking',
    '✓ ~/project has text on when to delegate',
  ])
    expect(again.stdout).toContain(so)
  expect(files()).toEqual(written)
  await uninstall('--yes')
  expect(files()).toEqual(before)
  expect(existsSync(join(home, config))).toBe(false)
})

test('a rollback undoes all that one conversation wrote, and keeps every byte of the user', async () => {
  const { setup, terminal, files, write, read } = withPerson()
  const mine = '{ // mine\n  "permissions": { "testCommands": { "*": ["make check"] } },\n}\n'
  write(config, mine)
  const before = files()
  terminal.type('', '', '', '', '', '')
  await setup()
  expect(readUserConfig(terminal.environment).permissions.testCommands).toEqual({
    '*': ['make check'],
    '~/project': ['npm test:*'],
  })
  expect(read(config)).toContain('// mine')
  rollBackLastRun(terminal)
  expect(files()).toEqual(before)
  expect(read(config)).toBe(mine)
})

test('a no is kept where it is an answer, and is not asked again', async () => {
  const { setup, terminal, read } = withPerson()
  terminal.type('y', 'n', 'n', 'n', 'no', 'n')
  const { code } = await setup()
  expect(code).toBe(0)
  expect(readUserConfig(terminal.environment)).toMatchObject({
    wake: { codex: false },
    permissions: { testCommands: { '~/project': [] } },
  })
  expect(read('.claude/settings.json')).not.toMatch(/hook claude|statusLine/)
  terminal.type('n')
  const again = await setup()
  expect(asked(again.stderr)).toEqual(['Write it?'])
  expect(again.stdout).toContain('have no hooks of ours: setup --hooks registers them')
  expect(again.stdout).toContain('✓ agents in ~/project ask before its tests')
  expect((await setup('--yes')).stdout).toContain('everything is registered already')
  await setup('--yes', '--hooks', '--test-commands', 'yes', '--wake-codex', 'yes')
  expect(read('.claude/settings.json')).toContain('hook claude')
  expect(readUserConfig(terminal.environment)).toMatchObject({
    wake: { codex: true },
    permissions: { testCommands: { '~/project': ['npm test:*'] } },
  })
})

test('d shows the changes, other words are asked for again, and a no to the first question writes nothing', async () => {
  const { setup, terminal, files, before } = withPerson()
  terminal.type('maybe', 'd', 'n')
  const { code, stdout, stderr } = await setup()
  expect(code).toBe(1)
  expect(stdout).toContain('Enter or y is yes, n is no, d shows the changes.\n')
  expect(stdout).toContain('+[mcp_servers.subagent-mcp]')
  expect(stderr).toMatch(/nothing was written\n$/)
  expect(files()).toEqual(before)
})

test.each([0, 1, 2, 3, 4, 5])('Ctrl-C at question %i writes nothing and says so', async (number) => {
  const { setup, terminal, files, before, home } = withPerson()
  terminal.type(...Array.from({ length: number }, () => ''))
  const { ask } = terminal
  let count = 0
  terminal.ask = (question, signal) => {
    if (count === number) setImmediate(() => terminal.interrupt())
    count += 1
    return ask?.(question, signal) ?? Promise.resolve(undefined)
  }
  const { code, stderr } = await setup()
  expect(code).toBe(130)
  expect(stderr).toMatch(/nothing was written\n$/)
  expect(files()).toEqual(before)
  expect(existsSync(join(home, config))).toBe(false)
})

test('each answer has an option, and questions that are not asked are listed with their options', async () => {
  const { setup, files, before, read, home } = withPerson()
  const planned = await setup(
    '--dry-run',
    ...['--test-commands', 'yes', '--init', 'yes', '--wake-codex', 'no', '--status-line', 'yes'],
  )
  expect(planned.code).toBe(0)
  expect(planned.stdout).toContain('+      "~/project": [')
  expect(planned.stdout).toContain('+<!-- BEGIN:subagent-mcp')
  expect(planned.stdout).not.toContain('left open')
  expect(files()).toEqual(before)
  const { stdout } = await setup('--yes', '--host', 'claude,codex')
  expect(stdout).toContain('left open: Show agents there? --status-line yes|no\n')
  expect(read('.claude/settings.json')).not.toContain('statusLine')
  expect(stdout).toContain('left open: Wake idle sessions of Codex? --wake-codex yes|no\n')
  expect(stdout).toContain(
    'left open: Let agents run them in this project without asking? --test-commands yes|no\n',
  )
  expect(stdout).toContain('left open: Write it? --init yes|no\n')
  expect(existsSync(join(home, config))).toBe(false)
  const data: unknown = JSON.parse((await setup('--yes', '--json', '--init', 'yes')).stdout)
  expect(data).toMatchObject({
    applied: true,
    found: [{ id: 'claude' }, { id: 'codex', cli: { type: 'unusable' } }, { id: 'gemini' }],
    questions: [
      { id: 'hosts', how: 'default', answer: true },
      { id: 'hooks', how: 'default', answer: true },
      { id: 'status-line', how: 'open', flags: '--status-line yes|no' },
      { id: 'codex-wake', how: 'open', flags: '--wake-codex yes|no' },
      { id: 'test-commands', how: 'open', flags: '--test-commands yes|no' },
      { id: 'init', how: 'given', answer: true },
    ],
    init: [{ type: 'written' }, { type: 'written' }, { type: 'written' }],
  })
  expect(read('project/AGENTS.md')).toContain('BEGIN:subagent-mcp')
  await expect(setup('--yes', '--hooks', '--no-hooks')).rejects.toMatchObject({ code: 'unknown-parameter' })
})

test('the status line stays over the next setup, and goes with a no', async () => {
  const { setup, read, write, uninstall } = theMachine()
  const mine = '{\r\n\t"statusLine" : { "type": "command", "command": "date" } }\n'
  const shown = (): unknown => statusLineIn(read('.claude/settings.json'))
  write('.claude/settings.json', '{ "model": "opus" }')
  await setup('--yes', '--host', 'claude', '--status-line', 'yes')
  expect(shown()).toBeDefined()
  await setup('--yes', '--host', 'claude')
  expect(shown()).toBeDefined()
  await setup('--yes', '--host', 'claude', '--status-line', 'no')
  expect(shown()).toBeUndefined()
  await setup('--yes', '--host', 'claude', '--status-line', 'yes')
  await uninstall('--yes')
  expect(read('.claude/settings.json')).toBe('{ "model": "opus" }')

  write('.claude/settings.json', mine)
  const kept = await setup('--yes', '--host', 'claude')
  expect(kept).toMatchObject({ code: 0 })
  expect(kept.stdout).not.toContain('Show agents there?')
  expect(shown()).toEqual({ type: 'command', command: 'date' })
  await expect(setup('--yes', '--host', 'claude', '--status-line', 'yes')).rejects.toMatchObject({
    message: 'Claude Code has a status line of yours, which stays',
  })
  await uninstall('--yes')
  expect(read('.claude/settings.json')).toBe(mine)
})

function statusLineIn(settings: string): unknown {
  return z.looseObject({ statusLine: z.unknown().optional() }).parse(JSON.parse(settings)).statusLine
}

test('an agent cannot run setup, which decides what agents may do', async () => {
  const { setup, terminal } = withPerson()
  terminal.isInsideAgent = () => true
  for (const flag of ['--test-commands', '--wake-codex'])
    await expect(setup('--yes', flag, 'yes')).rejects.toMatchObject({
      message: 'an agent cannot run setup, which decides what agents may do',
    })
})

test('questions that do not matter are not asked: without tests, outside of git, for a project, with a broken configuration', async () => {
  const { setup, write, terminal, home } = theMachine()
  terminal.widen({ columns: 100, rows: 40 })
  const questionsOf = async (...words: string[]): Promise<string[]> => {
    terminal.type('n')
    return asked((await setup(...words)).stderr)
  }
  const json = async (...words: string[]): Promise<string> =>
    (await setup('--dry-run', '--json', ...words)).stdout
  expect(await questionsOf()).toEqual(questions.slice(0, 1))
  expect(await json()).not.toContain('"test-commands"')
  expect(await json('--host', 'gemini')).not.toContain('"codex-wake"')
  expect(await json('--scope', 'project', '--host', 'codex')).not.toContain('"codex-wake"')
  write('package.json', '{ "scripts": { "test": "vitest" } }')
  terminal.cwd = home
  expect(await json()).not.toMatch(/"(test-commands|init)"/)
  expect((await setup('--dry-run', '--init', 'yes')).stdout).toContain(
    'nothing to do here for --init yes|no\n',
  )
  write(config, '{ "wake": 7 }')
  expect(await json()).not.toContain('"codex-wake"')
})
