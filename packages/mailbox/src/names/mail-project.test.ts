import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getMailProjectId } from './mail-project.js'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mail-project-')))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('the project id without a remote is the path', () => {
  expect(getMailProjectId(folder)).toBe(folder)
  git('init', '-q')
  git('remote', 'add', 'backup', 'https://host/other')
  expect(getMailProjectId(folder)).toBe(folder)
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
  expect(getMailProjectId(folder)).toBe(expected)
})

test.each([
  '[remote "origin"]\r\n\turl = git@host:team/app.git\r\n\tfetch = +a\r\n',
  '[Remote "origin"]\n\tfetch = [a]\n\tpushurl = other\n\tURL = "git@host:team/app.git" ; mine\n',
  '[remote "backup"]\n\turl = other\n[remote "origin"] url = git@host:team/app.git # mine\n\turl = other\n',
  '[remote "origin"]\n\turl =\n\turl = ssh://me:p@ss@host/team/app?token=x\n[remote "z"]\n\turl = other\n',
])('it is read as git reads it: %j', (config) => {
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, '.git/config'), config)
  expect(getMailProjectId(folder)).toBe('host/team/app')
})

test('a relative remote is resolved from the repository', () => {
  git('init', '-q')
  git('remote', 'add', 'origin', '../My app.git')
  expect(getMailProjectId(folder)).toBe(join(dirname(folder), 'My app'))
})

// Reading it in a time that grows with its square would take longer than any test may.
test('an endless run of empty lines is read in one pass', () => {
  mkdirSync(join(folder, '.git'))
  writeFileSync(join(folder, '.git/config'), `[remote "origin"]\n${'\n \t\n'.repeat(1_000_000)}`)
  expect(getMailProjectId(folder)).toBe(folder)
})

test('a submodule is known by where it comes from', () => {
  mkdirSync(join(folder, 'git'))
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'git/config'), '[remote "origin"]\n\turl = git@host:sub\n')
  writeFileSync(join(folder, 'sub/.git'), 'gitdir: ../git\n')
  expect(getMailProjectId(join(folder, 'sub'))).toBe('host/sub')
})

test('so is a further worktree', () => {
  git('init', '-q')
  git('remote', 'add', 'origin', 'git@host:app')
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'one')
  mkdirSync(join(folder, 'more'))
  git('worktree', 'add', '-q', 'more/two')
  expect(getMailProjectId(join(folder, 'more/two'))).toBe('host/app')
})

function git(...words: string[]): void {
  execFileSync('git', words, { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } })
}
