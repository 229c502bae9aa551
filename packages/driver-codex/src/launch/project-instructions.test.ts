import { readProjectInstructions } from '@subagent-mcp/driver-kit'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUntrustedFolderSettings } from './thread-params.js'

let home: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'codex-project-')))
  mkdirSync(join(home, 'project', 'src'), { recursive: true })
  write('AGENTS.md', 'above')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(path: string, text: string): void {
  writeFileSync(join(home, path), text)
}

const instructions = { names: ['AGENTS.override.md', 'AGENTS.md'], title: 'AGENTS.md' }

/** Returns the project instructions for a folder, without the lines that frame them. */
function told(folder: string): string | undefined {
  return /<INSTRUCTIONS>\n([^]*)\n<\/INSTRUCTIONS>$/.exec(
    readProjectInstructions(join(home, folder), instructions) ?? '',
  )?.[1]
}

test('the instructions of a project are told from its root to the folder, and none from above', () => {
  mkdirSync(join(home, 'project', '.git'))
  write('project/AGENTS.md', 'root')
  write('project/src/AGENTS.md', 'left out')
  write('project/src/AGENTS.override.md', 'instead')
  expect(told('project/src')).toBe('root\n\ninstead')
  expect(told('project')).toBe('root')
})

test('without git the folder is the project', () => {
  expect(told('project')).toBeUndefined()
  write('project/AGENTS.md', 'root')
  expect(told('project')).toBe('root')
  expect(told('project/src')).toBeUndefined()
})

test('a link is followed within the project, and not out of it', () => {
  write('project/CLAUDE.md', 'for all')
  symlinkSync('CLAUDE.md', join(home, 'project', 'AGENTS.md'))
  expect(told('project')).toBe('for all')
  symlinkSync('../../AGENTS.md', join(home, 'project', 'src', 'AGENTS.md'))
  expect(told('project/src')).toBeUndefined()
})

test('they are cut off where Codex cuts them off', () => {
  write('project/AGENTS.md', 'x'.repeat(40_000))
  expect(told('project')).toHaveLength(32_768)
})

test('a folder is not trusted, nor what is around it, also where a link leads to it', () => {
  symlinkSync('project', join(home, 'link'))
  const folders = Object.keys(createUntrustedFolderSettings(join(home, 'link', 'src')))
  const paths = ['link/src', 'link', 'project/src', 'project'].map((path) => join(home, path))
  expect(folders).toEqual(expect.arrayContaining([...paths, home, '/']))
})
