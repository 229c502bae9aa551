import { findDefinition, listSearchFolders } from '@subagent-mcp/definitions'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeDefinitionTerminal } from './definition-terminal.test.support.js'
import { agentsNewCommand } from './new.js'

test('it is a definition, and what is next is said', async () => {
  const { terminal, project, environment } = makeDefinitionTerminal()
  const words = ['reviewer', '--provider', 'codex']
  expect(await agentsNewCommand.run(words, terminal)).toBe(0)
  const path = join(project, '.subagent-mcp/agents/reviewer.md')
  expect(terminal.said).toEqual({
    stdout: `${path}\n`,
    stderr: 'describe in it what the agent does, then: subagent-mcp agents lint reviewer\n',
  })
  const definition = findDefinition('reviewer', listSearchFolders(project, environment), project)
  expect(definition).toMatchObject({ path, provider: 'codex' })
})

test('of the user it is in the home', async () => {
  const { terminal, home } = makeDefinitionTerminal()
  await agentsNewCommand.run(['reviewer', '--user', '--json'], terminal)
  const path = join(home, '.subagent-mcp/agents/reviewer.md')
  expect(JSON.parse(terminal.said.stdout)).toEqual({ name: 'reviewer', path })
  expect(readFileSync(path, 'utf8')).toContain('name: reviewer')
})

test('it overwrites nothing', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const path = define('reviewer')
  writeFileSync(path, 'mine')
  await expect(agentsNewCommand.run(['reviewer'], terminal)).rejects.toThrow(path)
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

test.each([
  [['../sly'], 'invalid-parameter'],
  [['reviewer', '--provider', 'claud'], 'unknown-provider'],
  [['reviewer', '--cwd', 'nowhere'], 'cwd-missing'],
])('%j is refused', async (words, code) => {
  const { terminal } = makeDefinitionTerminal()
  await expect(agentsNewCommand.run(words, terminal)).rejects.toMatchObject({
    code,
  })
})

test('a folder that cannot be made is reported', async () => {
  const { terminal, write } = makeDefinitionTerminal()
  write('.subagent-mcp', ['a file is in the way'])
  await expect(agentsNewCommand.run(['reviewer'], terminal)).rejects.toThrow('cannot write')
})
