import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mailProject } from './mail-project.js'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mail-project-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('a folder without a repository, or one from nowhere, is known by its path', () => {
  expect(mailProject(folder)).toBe(folder)
  git('init', '-q')
  git('remote', 'add', 'backup', 'https://host/other')
  expect(mailProject(folder)).toBe(folder)
})

test.each([
  ['git@host.example:team/app.git', 'host.example/team/app'],
  ['https://host.example/team/app', 'host.example/team/app'],
  ['https://me:secret@host.example/team/app.git', 'host.example/team/app'],
  ['ssh://git@host.example:2222/team/app.git', 'host.example/team/app'],
  ['/srv/git/app.git', '/srv/git/app'],
])('a clone of %s is known as %s on every machine', (url, expected) => {
  git('init', '-q')
  git('remote', 'add', 'backup', 'https://host/other')
  git('remote', 'add', 'origin', url)
  expect(mailProject(folder)).toBe(expected)
})

test('so is a further worktree', () => {
  git('init', '-q')
  git('remote', 'add', 'origin', 'git@host:app')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one')
  mkdirSync(join(folder, 'more'))
  git('worktree', 'add', '-q', 'more/two')
  expect(mailProject(join(folder, 'more/two'))).toBe('host/app')
})

function git(...words: string[]): void {
  execFileSync('git', words, { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } })
}
