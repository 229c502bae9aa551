import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFolderWithParents } from './make-folder.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('makes a folder and those above it, for the user alone', () => {
  for (const names of [
    ['a', 'b', 'c'],
    ['a', 'b'],
  ])
    createFolderWithParents(join(folder, ...names))
  const made = [['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => statSync(join(folder, ...names)).mode)
  expect(made.map((mode) => mode & 0o777)).toEqual([0o700, 0o700, 0o700])
})

test('says it where a file is in the way', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => {
    createFolderWithParents(join(folder, 'file', 'below'))
  }).toThrow('ENOTDIR')
})

test.runIf(process.platform === 'linux').each(['/proc/x', '/proc/x/y'])(
  'does not try for ever: %s',
  (path) => {
    expect(() => {
      createFolderWithParents(path)
    }).toThrow('ENOENT')
  },
)
