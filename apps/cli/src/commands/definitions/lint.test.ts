import { makeDefinitionTerminal } from './definition-terminal.test.support.js'
import { containing } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentsLintCommand } from './lint.js'

test('nothing is wrong', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  define('fine', ['tools: [Read]'])
  expect(await agentsLintCommand.run([], terminal)).toBe(0)
  expect(terminal.said).toEqual({ stdout: '', stderr: '5 agents, 0 broken, 0 warnings\n' })
})

test('the built-in definitions have neither problems nor warnings, each by itself', async () => {
  for (const name of ['explorer', 'reviewer', 'tester', 'writer']) {
    const { terminal } = makeDefinitionTerminal()
    expect(await agentsLintCommand.run([name], terminal)).toBe(0)
    expect(terminal.said).toEqual({ stdout: '', stderr: '1 agent, 0 broken, 0 warnings\n' })
  }
})

test('each problem is reported with its line and what to do', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const broken = define('broken', ['maxTurns: 0', 'skills: [nowhere]', 'permissionMode: maybe'])
  const unable = define('unable', ['provider: codex', 'tools: [Read]'])
  const orphan = define('orphan', ['provider: goose'])
  const ruled = define('ruled', ['ask: [Bash]', 'deny: [Bash rm]'])
  expect(await agentsLintCommand.run([], terminal)).toBe(1)
  const lines = terminal.said.stdout.trimEnd().split('\n')
  expect(lines).toEqual([
    containing(`${broken}:4: maxTurns: `),
    containing(`${broken}:6: permissionMode: `),
    containing('  maxTurns takes a whole number'),
    `${orphan}:4: provider: there is no 'goose'`,
    '  use one of claude, codex, gemini',
    containing(`${ruled}:5: deny: 'Bash rm' is no rule: write a tool, or `),
    '  correct the rule, or remove it',
    containing(`${unable}:5: tools: codex cannot`),
    containing('  take tools out'),
  ])
  expect(terminal.said.stderr).toBe('8 agents, 4 broken, 0 warnings\n')
})

test('a warning is no failure', async () => {
  const { terminal, define, write } = makeDefinitionTerminal()
  const shadowed = write('agents/loud.md', ['---', 'description: x', '---', 'x'])
  const loud = define('loud', ['colour: blue', 'skills: [extra]', 'optional: [extra]'])
  expect(await agentsLintCommand.run([], terminal)).toBe(0)
  expect(terminal.said.stdout.trimEnd().split('\n')).toEqual([
    `${loud}:1: shadows ${shadowed} (warning)`,
    `${loud}:1: the optional skill 'extra' is not there (warning)`,
    `${loud}:4: colour: nothing is done with it (warning)`,
  ])
})

test("a project's file that bypasses permissions is broken until the user names its path", async () => {
  const { terminal, define, home } = makeDefinitionTerminal()
  const path = define('loud', ['permissionMode: bypassPermissions', 'colour: blue'])
  const lint = async (bypassPermissions: readonly string[]): Promise<string[]> => {
    mkdirSync(join(home, '.subagent-mcp'), { recursive: true })
    writeFileSync(join(home, '.subagent-mcp/config.jsonc'), JSON.stringify({ bypassPermissions }))
    terminal.said.stdout = ''
    const code = await agentsLintCommand.run([], terminal)
    return [`${code}`, ...terminal.said.stdout.trimEnd().split('\n')]
  }
  const colour = `${path}:5: colour: nothing is done with it (warning)`
  const refused = containing(`${path}:4: agent 'loud' would run without any permission check`)
  expect(await lint(['loud'])).toEqual(['1', refused, containing(`"${path}" into bypassPermissions`), colour])
  expect(await lint([path])).toEqual(['0', colour])
})

test("a project's file that names MCP servers of its own is broken", async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const path = define('cloned', ['mcpServers:', '  - mine: { command: node }'])
  expect(await agentsLintCommand.run([], terminal)).toBe(1)
  expect(terminal.said.stdout).toContain(`${path}:4: agent 'cloned' would start MCP servers`)
})

test('one by name, as JSON', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  define('broken', ['maxTurns: 0'])
  const unable = define('unable', ['provider: codex', 'disallowedTools: Bash'])
  expect(await agentsLintCommand.run(['unable', '--json'], terminal)).toBe(1)
  const finding = { type: 'problem', agent: 'unable', text: containing(`${unable}:5: `) }
  expect(JSON.parse(terminal.said.stdout)).toMatchObject([finding])
  await expect(agentsLintCommand.run(['absent'], terminal)).rejects.toMatchObject({
    code: 'unknown-definition',
  })
})
