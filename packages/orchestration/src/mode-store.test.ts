import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openModeStore, type ModeStore } from './mode-store.js'

let folder: string
let now: number
let store: ModeStore
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mode-store-'))
  path = join(folder, 'ours/modes.json')
  now = 1000
  store = openModeStore({ stateFolder: join(folder, 'ours'), now: () => now })
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('the mode is on in the projects where it was turned on, for every process', () => {
  store.turnOn('/p', { by: 'terminal' })
  store.turnOn('/q', { by: 'claude-code', session: 's1' })
  const other = openModeStore({ stateFolder: join(folder, 'ours'), now: () => now })
  expect(other.status('/p')).toEqual({ since: 1000, by: 'terminal' })
  expect(other.status('/q')).toEqual({ since: 1000, by: 'claude-code', session: 's1' })
  expect(other.status('/r')).toBeUndefined()
  expect([...other.all().keys()]).toEqual(['/p', '/q'])
})

test('the file belongs to the user, and exists as long as the mode is on somewhere', () => {
  store.turnOn('/p', { by: 'terminal' })
  store.turnOn('/q', { by: 'terminal' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  store.turnOff('/p')
  expect(existsSync(path)).toBe(true)
  store.turnOff('/q')
  expect(readdirSync(join(folder, 'ours'))).toEqual([])
})

test('turning the mode off where it is off creates no file', () => {
  store.turnOff('/p')
  expect(existsSync(join(folder, 'ours'))).toBe(false)
})

test('turning the mode on again changes its end, not its start', () => {
  store.turnOn('/p', { by: 'terminal', expires: 2000 })
  now = 1500
  store.turnOn('/p', { by: 'codex', expires: 9000 })
  expect(store.status('/p')).toEqual({ since: 1000, by: 'terminal', expires: 9000 })
  store.turnOn('/p', { by: 'terminal' })
  expect(store.status('/p')).toEqual({ since: 1000, by: 'terminal' })
})

test('an expired mode is off, is removed with the next change, and starts anew', () => {
  store.turnOn('/p', { by: 'terminal', expires: 2000 })
  now = 2000
  expect(store.status('/p')).toBeUndefined()
  expect(store.all()).toEqual(new Map())
  store.turnOn('/q', { by: 'terminal' })
  expect(readFileSync(path, 'utf8')).not.toContain('/p')
  store.turnOn('/p', { by: 'codex' })
  expect(store.status('/p')).toEqual({ since: 2000, by: 'codex' })
})

test('turning off the last project removes the file and the marks of sessions, though others have expired in it', () => {
  const marks = join(folder, 'ours/told')
  store.turnOn('/p', { by: 'terminal', expires: 2000 })
  store.turnOn('/q', { by: 'terminal' })
  mkdirSync(marks)
  for (const name of ['claude-one', 'mine.md']) writeFileSync(join(marks, name), '')
  now = 3000
  store.turnOff('/q')
  expect(existsSync(path)).toBe(false)
  expect(readdirSync(marks)).toEqual(['mine.md'])
})

test('tidy removes expired entries, and the file with the last of them', () => {
  store.turnOn('/p', { by: 'terminal', expires: 2000 })
  store.tidy()
  expect(existsSync(path)).toBe(true)
  now = 3000
  store.tidy()
  expect(existsSync(path)).toBe(false)
})

test.each(['{', '{ "version": 2, "projects": {} }', '[]'])(
  'a file with %s is an error with its path, and stays unchanged',
  (text) => {
    mkdirSync(join(folder, 'ours'))
    writeFileSync(path, text)
    const acts = [
      () => store.status('/p'),
      () => {
        store.turnOff('/p')
      },
      () => {
        store.turnOn('/p', { by: 'terminal' })
      },
    ]
    for (const act of acts) {
      expect(act).toThrow(expect.objectContaining({ code: 'config-invalid' }))
      expect(act).toThrow(path)
    }
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(existsSync(`${path}.lock`)).toBe(false)
  },
)
