import {
  managedBlockText,
  createRunName,
  openRecords,
  refreshSetup,
  rollback,
  type SetupFileRefresh,
} from '@subagent-mcp/installer'
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeInitFolders } from '../commands/host/init-folders.test.support.js'
import type { Terminal } from '../terminal/terminal.js'
import { createInstallerOptions } from '../settings/installer-options.js'
import { getServerCommandForScope } from './server-command.js'
import { setupCommand } from '../commands/host/setup.js'

const names = ['AGENTS.md', 'CLAUDE.md', 'GEMINI.md', '.github/copilot-instructions.md'] as const
const old = (text: string): string => text.replace('v1', 'v0').replace('Delegate', 'Never delegate')

test('blocks of older words become those of today, where there still is one; and are put back', async () => {
  const { project, init, read, write, terminal } = makeInitFolders()
  await init('--root', '.', '--copilot')
  const today = read(names[0])
  write(names[0], `# Mine\n\n${old(today)}`)
  write(names[1], '# No block any more\n')
  rmSync(join(project, names[2]))
  write(names[3], `${today}${today}`)
  const why = `line ${today.split('\n').length}: there is a second block`
  const { undo, files } = bringUpToDate(terminal)
  expect(files).toEqual([
    { type: 'written', path: join(project, names[0]) },
    { type: 'refused', path: join(project, names[3]), why },
  ])
  expect(read(names[0])).toBe(`# Mine\n\n${today}`)
  expect(read(names[1])).toBe('# No block any more\n')
  write(names[0], `# Mine\n\n${today}\n# More\n`)
  undo()
  expect(read(names[0])).toBe(`# Mine\n\n${old(today)}\n# More\n`)
})

test('one that cannot be read keeps no other from it', async () => {
  const { project, init, read, write, terminal } = makeInitFolders()
  await init('--root', '.', '--files', 'docs/a.md,AGENTS.md')
  rmSync(join(project, 'docs'), { recursive: true })
  symlinkSync('docs', join(project, 'docs'))
  write('AGENTS.md', old(read('AGENTS.md')))
  expect(bringUpToDate(terminal).files).toEqual([{ type: 'written', path: join(project, 'AGENTS.md') }])
  expect(read('AGENTS.md')).toContain(managedBlockText)
})

test('what a user took out or turned off stays so, change by change', async () => {
  const { home, terminal } = makeInitFolders()
  const paths = ['.claude.json', '.claude/settings.json', '.gemini/settings.json'].map((name) =>
    join(home, name),
  )
  const [server = '', settings = '', gemini = ''] = paths
  for (const path of paths) mkdirSync(dirname(path), { recursive: true })
  expect(await setupCommand.run(['--yes', '--host', 'claude,gemini'], terminal)).toBe(0)
  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  edit(settings, () => '{}\n')
  edit(server, (text) => text.replace('"args": [', '"disabled": true, "args": ["old", '))
  edit(gemini, (text) =>
    text.replace('"trust": true', '"trust": false').replace('"args": [', '"args": ["old", '),
  )
  expect(bringUpToDate(terminal).files).toEqual([server, gemini].map((path) => ({ type: 'written', path })))
  const [serverText = '', settingsText, geminiText = ''] = paths.map((path) => readFileSync(path, 'utf8'))
  expect(settingsText).toBe('{}\n')
  expect([serverText, geminiText].join()).not.toContain('"old"')
  expect(serverText).toContain('"disabled": true')
  expect(geminiText).toContain('"trust": false')
  expect(bringUpToDate(terminal).files).toEqual([])
})

test('hooks of before there was mail get those of today, and are put back', async () => {
  const { home, terminal } = makeInitFolders()
  const path = join(home, '.claude/settings.json')
  mkdirSync(dirname(path), { recursive: true })
  expect(await setupCommand.run(['--yes', '--host', 'claude'], terminal)).toBe(0)
  const today = readFileSync(path, 'utf8')
  const older = JSON.stringify(
    JSON.parse(today.replaceAll('mail.json', 'modes.json')),
    (key, value: unknown) => (key === 'Stop' ? undefined : value),
    2,
  )
  writeFileSync(path, older)
  const { undo, files } = bringUpToDate(terminal)
  expect(files).toEqual([{ type: 'written', path }])
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(today))
  undo()
  expect(readFileSync(path, 'utf8')).toBe(older)
})

function bringUpToDate(terminal: Terminal) {
  const options = createInstallerOptions(terminal)
  const { machine, stateFolder } = options
  const records = openRecords(stateFolder, createRunName('update', Date.UTC(2026, 10, 22)))
  const files: SetupFileRefresh[] = []
  for (const file of refreshSetup({ machine, records, serverFor: getServerCommandForScope }))
    files.push(file.type === 'old' ? file.write() : file)
  return { files, undo: () => rollback({ ...options, run: records.run })?.apply() }
}
