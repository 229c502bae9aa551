import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  formatModesFile,
  findProjectMode,
  getModesFilePath,
  parseModesFile,
  readModesFile,
  type StoredOrchestrationMode,
} from './mode-file.js'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'modes-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const entry: StoredOrchestrationMode = { since: 1000, by: 'claude-code', session: 's1', expires: 5000 }

test('a written file is read back', () => {
  const modes = new Map([
    ['/p', entry],
    ['/q', { since: 1, by: 'terminal' }],
  ])
  writeFileSync(getModesFilePath(home), formatModesFile(modes))
  expect(readModesFile(getModesFilePath(home))).toEqual(modes)
})

test.each([
  [999, entry],
  [4999, entry],
  [5000, undefined],
])('at %i the mode is on until it expires', (now, expected) => {
  expect(findProjectMode(new Map([['/p', entry]]), '/p', now)).toEqual(expected)
})

test('the mode is off in other projects, also above and below', () => {
  const modes = new Map([['/p/q', entry]])
  for (const project of ['/p', '/p/q/r', '/']) expect(findProjectMode(modes, project, 0)).toBeUndefined()
})

test('without a file the mode is off everywhere', () => {
  expect(readModesFile(getModesFilePath(home))).toEqual(new Map())
})

test.each([
  '',
  '[]',
  'null',
  '{ "version": 1',
  '{ "version": 2, "projects": {} }',
  '{ "version": 1, "projects": [] }',
  '{ "version": 1, "projects": { "/p": true } }',
  '{ "version": 1, "projects": { "/p": { "since": 1 } } }',
  '{ "version": 1, "projects": { "/p": { "since": "1", "by": "me" } } }',
  '{ "version": 1, "projects": { "/p": { "since": 1, "by": "me", "expires": "soon" } } }',
  '{ "version": 1, "projects": { "/p": { "since": 1, "by": "me", "session": 1 } } }',
])('an invalid file is reported as unreadable: %s', (text) => {
  writeFileSync(getModesFilePath(home), text)
  expect(readModesFile(getModesFilePath(home))).toBeUndefined()
})

test('a folder in place of the file is reported as unreadable', () => {
  expect(readModesFile(home)).toBeUndefined()
})

test('unknown keys of a later version are ignored', () => {
  const text = '{ "version": 1, "projects": { "/p": { "since": 1, "by": "me", "mood": "good" } } }'
  expect(parseModesFile(text)).toEqual(new Map([['/p', { since: 1, by: 'me' }]]))
})
