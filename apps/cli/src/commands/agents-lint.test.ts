import { createHandDriver } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { containing, makeDefinitionFolders } from '../definition-files.test.support.js'
import { lintAgentFiles } from './agents-lint.js'
import { readLintOrder } from './agents-order.js'

/** One that can do all, and one that cannot choose tools. */
const drivers = new Map(
  ['claude', 'codex'].map((id) => {
    const driver = createHandDriver(id)
    return [id, { ...driver, abilities: { ...driver.abilities, toolChoice: id === 'claude' } }]
  }),
)

test('nothing is wrong', async () => {
  const { terminal, define } = makeDefinitionFolders()
  define('fine', ['tools: [Read]'])
  expect(await lintAgentFiles(readLintOrder([]), terminal, drivers)).toBe(0)
  expect(terminal.said).toEqual({ stdout: '', stderr: '1 agent, 0 broken, 0 warnings\n' })
})

test('each problem is told with its line and what to do', async () => {
  const { terminal, define } = makeDefinitionFolders()
  const broken = define('broken', ['maxTurns: 0', 'skills: [nowhere]', 'permissionMode: maybe'])
  const unable = define('unable', ['provider: codex', 'tools: [Read]'])
  const orphan = define('orphan', ['provider: goose'])
  expect(await lintAgentFiles(readLintOrder([]), terminal, drivers)).toBe(1)
  const lines = terminal.said.stdout.trimEnd().split('\n')
  expect(lines).toEqual([
    containing(`${broken}:4: maxTurns: `),
    containing(`${broken}:6: permissionMode: `),
    containing('  maxTurns takes a whole number'),
    `${orphan}:4: provider: there is no 'goose'`,
    '  use one of claude, codex',
    containing(`${unable}:5: tools: codex cannot`),
    containing('  take tools out'),
  ])
  expect(terminal.said.stderr).toBe('3 agents, 3 broken, 0 warnings\n')
})

test('a warning is no failure', async () => {
  const { terminal, define, write } = makeDefinitionFolders()
  const shadowed = write('agents/loud.md', ['---', 'description: x', '---', 'x'])
  const loud = define('loud', [
    'permissionMode: bypassPermissions',
    'colour: blue',
    'skills: [extra]',
    'optional: [extra]',
  ])
  expect(await lintAgentFiles(readLintOrder([]), terminal, drivers)).toBe(0)
  expect(terminal.said.stdout.trimEnd().split('\n')).toEqual([
    `${loud}:1: shadows ${shadowed} (warning)`,
    `${loud}:1: the optional skill 'extra' is not there (warning)`,
    `${loud}:5: colour: nothing is done with it (warning)`,
    containing(`${loud}:4: permissionMode: it is refused until bypassPermissions`),
  ])
})

test('who may bypass permissions is not warned of', async () => {
  const { terminal, define, home } = makeDefinitionFolders()
  define('loud', ['permissionMode: bypassPermissions'])
  mkdirSync(join(home, '.subagent-mcp'))
  writeFileSync(join(home, '.subagent-mcp/config.jsonc'), '{ "bypassPermissions": ["loud"] }')
  await lintAgentFiles(readLintOrder([]), terminal, drivers)
  expect(terminal.said.stdout).toBe('')
})

test('one by name, as JSON', async () => {
  const { terminal, define } = makeDefinitionFolders()
  define('broken', ['maxTurns: 0'])
  const unable = define('unable', ['provider: codex', 'disallowedTools: Bash'])
  expect(await lintAgentFiles(readLintOrder(['unable', '--json']), terminal, drivers)).toBe(1)
  const finding = { type: 'problem', agent: 'unable', text: containing(`${unable}:5: `) }
  expect(JSON.parse(terminal.said.stdout)).toMatchObject([finding])
  await expect(lintAgentFiles(readLintOrder(['absent']), terminal, drivers)).rejects.toMatchObject({
    code: 'unknown-definition',
  })
})
