import { containing, matching } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { makeDefinitionTerminal } from './definition-terminal.test.support.js'
import { agentsListCommand } from './list.js'

const cells = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))

const builtIn = ['explorer', 'reviewer', 'tester', 'writer']

test('without own ones it lists those built in, and says how to make one, and where they are looked for', async () => {
  const { terminal, project } = makeDefinitionTerminal()
  expect(await agentsListCommand.run([], terminal)).toBe(0)
  expect(cells(terminal.said.stdout).map(([name, , , file]) => [name, file])).toEqual([
    ['NAME', 'FILE'],
    ...builtIn.map((name) => [name, 'built in']),
  ])
  expect(terminal.said.stderr).toContain('add or replace one: subagent-mcp agents new <name> (')
  expect(terminal.said.stderr).toContain(`none of your own is in ${project}/.subagent-mcp/agents, `)
  expect(terminal.said.stderr).toContain('~/.claude/agents, ')
})

test('an own definition replaces the built-in one of its name without a note', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const path = define('reviewer')
  expect(await agentsListCommand.run(['--json'], terminal)).toBe(0)
  const listed = ListedJson.parse(JSON.parse(terminal.said.stdout))
  expect(listed.map(({ name, builtIn = false }) => [name, builtIn])).toEqual(
    builtIn.map((name) => [name, name !== 'reviewer']),
  )
  expect(listed[1]).toMatchObject({ path, provider: 'claude', notes: [] })
  expect(terminal.said.stderr).toBe('')
})

const ListedJson = z.array(z.looseObject({ name: z.string(), builtIn: z.boolean().optional() }))

/** The listed definitions that are not built in. */
const ownOf = (text: string): unknown[] =>
  ListedJson.parse(JSON.parse(text)).filter(({ builtIn: isBuiltIn }) => !isBuiltIn)

test('a broken definition hides no other; shadowed files and ignored keys are reported', async () => {
  const { terminal, define, write, project } = makeDefinitionTerminal()
  define('tester', ['provider: codex', 'model: gpt', 'effort: high', 'colour: blue'])
  const broken = define('broken', ['permissionMode: yes'])
  const shadowed = write('.claude/agents/tester.md', ['---', 'description: x', '---', 'x'])
  write('.gemini/agents/writer.md', ['---', 'description: it writes', '---', 'Write.'])
  expect(await agentsListCommand.run([], terminal)).toBe(0)
  expect(cells(terminal.said.stdout)).toEqual([
    ['NAME', 'PROVIDER', 'MODEL', 'FILE', 'DESCRIPTION'],
    ['broken', '-', '-', broken, containing(`${broken}:4: permissionMode: `)],
    ['explorer', 'any', 'default', 'built in', matching(/^Finds where /)],
    ['reviewer', 'other', 'default', 'built in', matching(/^Judges changes /)],
    ['tester', 'codex', 'gpt high', `${project}/.subagent-mcp/agents/tester.md`, 'what tester does'],
    ['writer', 'gemini', 'default', `${project}/.gemini/agents/writer.md`, 'it writes'],
  ])
  const [problem, ...remarks] = terminal.said.stderr.trimEnd().split('\n')
  expect(problem).toContain('permissionMode takes default, acceptEdits')
  expect(remarks).toEqual([`tester: shadows ${shadowed}`, 'tester: these keys are ignored: colour'])
})

test('as JSON, of another folder', async () => {
  const { terminal, define, project } = makeDefinitionTerminal()
  const [path, broken] = [
    define('tester', ['colour: blue', 'deny: [Bash(rm:*)]']),
    define('broken', ['maxTurns: 0']),
  ]
  terminal.cwd = '/'
  await agentsListCommand.run(['--json', '--cwd', project], terminal)
  expect(ownOf(terminal.said.stdout)).toEqual([
    {
      name: 'broken',
      path: broken,
      problem: containing(':4: maxTurns: '),
      hint: 'maxTurns takes a whole number, 1 or more',
    },
    {
      name: 'tester',
      description: 'what tester does',
      provider: 'claude',
      path,
      permissions: 'ask',
      deny: ['Bash(rm:*)'],
      ask: [],
      unknownKeys: ['colour'],
      notes: [],
    },
  ])
  expect(terminal.said.stderr).toBe('')
})

test('one that would not be run says why', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const [bold, orphan] = [
    define('bold', ['permissionMode: bypassPermissions']),
    define('orphan', ['provider: goose']),
  ]
  await agentsListCommand.run(['--json'], terminal)
  expect(ownOf(terminal.said.stdout)).toMatchObject([
    { name: 'bold', problem: containing(`${bold}:4: `), hint: containing('bypassPermissions') },
    { name: 'orphan', problem: containing(`${orphan}:4: provider`) },
  ])
})
