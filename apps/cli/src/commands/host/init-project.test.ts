import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeInitFolders } from './init-folders.test.support.js'

test('without a project it writes at the root of the git repository, and elsewhere says what is missing', async () => {
  const { init, project, terminal, read } = makeInitFolders()
  mkdirSync(join(project, 'src'))
  terminal.cwd = join(project, 'src')
  expect(await init('--files', 'AGENTS.md')).toMatchObject({ code: 0 })
  expect(read('AGENTS.md')).toContain('BEGIN:subagent-mcp')
  terminal.cwd = dirname(project)
  const hint = 'name the project with --root, or --global for the files of your hosts'
  await expect(init()).rejects.toMatchObject({ message: `${terminal.cwd} is in no git repository`, hint })
})

test('at a terminal it shows the changes and asks; Enter agrees, and --yes does not ask', async () => {
  const { init, project, terminal, bytesIn } = makeInitFolders()
  terminal.widen({ columns: 80, rows: 24 })
  terminal.type('n', '')
  const refused = await init('--files', 'AGENTS.md')
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.stdout).toContain('+<!-- BEGIN:subagent-mcp')
  expect(refused.stderr).toMatch(/write 1 file\? \[Y\/n\] .*nothing was written\n$/s)
  expect(bytesIn(project)).toEqual({ '.git': 'no file' })
  expect(await init('--files', 'AGENTS.md')).toMatchObject({ code: 0 })
  expect(Object.keys(bytesIn(project))).toContain('AGENTS.md')
  expect(await init('--files', 'AGENTS.md', '--remove', '--yes')).toMatchObject({ code: 0 })
  expect(bytesIn(project)).toEqual({ '.git': 'no file' })
})
