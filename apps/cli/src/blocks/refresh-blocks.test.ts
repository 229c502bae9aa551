import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeInitFolders } from '../commands/init-folders.test.support.js'
import { refreshBlocks } from './refresh-blocks.js'
import { openWiringState } from '../wiring/wiring-state.js'

test('blocks of older words become those of today, where there still is one', async () => {
  const { project, init, terminal } = makeInitFolders()
  await init('--root', '.', '--copilot')
  const [agents, claude, gemini, copilot] = [
    'AGENTS.md',
    'CLAUDE.md',
    'GEMINI.md',
    '.github/copilot-instructions.md',
  ].map((name) => join(project, name))
  const today = readFileSync(agents ?? '', 'utf8')
  writeFileSync(agents ?? '', `# Mine\n\n${today.replace('v1', 'v0').replace('Delegate', 'Never delegate')}`)
  writeFileSync(claude ?? '', '# No block any more\n')
  rmSync(gemini ?? '')
  writeFileSync(copilot ?? '', `${today}${today}`)
  const registry = openWiringState(terminal.environment, Date.UTC(2026, 10, 22))
  const why = `line ${today.split('\n').length}: there is a second block`
  expect(refreshBlocks(registry)).toEqual([
    { type: 'written', path: agents },
    { type: 'refused', path: copilot, why },
  ])
  expect(readFileSync(agents ?? '', 'utf8')).toBe(`# Mine\n\n${today}`)
  expect(readFileSync(claude ?? '', 'utf8')).toBe('# No block any more\n')
  await init('--root', '.', '--remove')
  expect(readFileSync(agents ?? '', 'utf8')).toBe('# Mine\n')
})
