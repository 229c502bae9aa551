import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findProjectRoot } from './project-root.js'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'project-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('is the git root above, through symbolic links', () => {
  mkdirSync(join(folder, 'repo', 'deep', 'er'), { recursive: true })
  mkdirSync(join(folder, 'repo', '.git'))
  symlinkSync(join(folder, 'repo', 'deep'), join(folder, 'link'))
  expect(findProjectRoot(join(folder, 'link', 'er'))).toBe(join(folder, 'repo'))
})

test('is a worktree, whose .git is a file', () => {
  mkdirSync(join(folder, 'tree', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'tree', '.git'), 'gitdir: /elsewhere\n')
  expect(findProjectRoot(join(folder, 'tree', 'deep'))).toBe(join(folder, 'tree'))
})

test('is the folder itself without git', () => {
  expect(findProjectRoot(folder)).toBe(folder)
})
