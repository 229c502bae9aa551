import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FileRecord } from '../file/file-record.js'
import { describeThisMachine } from '../hosts/this-machine.js'
import { rollback } from '../rollback.js'
import type { SetupChoice } from './records-data.js'
import { createRunName, openRecords, parseRunName } from './records.js'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'records-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const stateFolder = () => join(home, 'ours')
const records = () => join(home, 'ours/installer/records.json')

test('keeps records in order, readable by the user alone; creates no file before the first', () => {
  const state = openRecords(stateFolder(), createRunName('setup', 0))
  expect(state.read()).toEqual({ version: 1, files: [], choices: [], deeds: [] })
  expect(existsSync(join(home, 'ours'))).toBe(false)
  state.add(record('/a'))
  const later = openRecords(stateFolder(), createRunName('init', 60_000))
  later.add(record('/b'))
  expect(state.read().files).toEqual([
    { run: '1970-01-01T00-00-00-000Z-setup', record: record('/a') },
    { run: '1970-01-01T00-01-00-000Z-init', record: record('/b') },
  ])
  expect(later.backups).toBe(join(home, 'ours/installer/backups/1970-01-01T00-01-00-000Z-init'))
  expect(statSync(records()).mode & 0o777).toBe(0o600)
  later.remove(record('/a'))
  expect(state.read().files).toMatchObject([{ record: { path: '/b' } }])
})

test('a run has the name of its command and its time', () => {
  const time = new Date('2026-11-21T12:34:56.789Z')
  expect(parseRunName(createRunName('init', time.getTime()))).toEqual({ command: 'init', time })
  expect(parseRunName('by hand')).toBeUndefined()
})

test('keeps one choice for a host, and one more for each project', () => {
  const state = openRecords(stateFolder())
  state.choose(choice({ hooks: false }))
  state.choose(choice({ scope: 'project', project: '/a' }))
  state.choose(choice({ scope: 'project', project: '/b' }))
  state.choose(choice({ host: 'gemini' }))
  state.choose(choice({ project: '/elsewhere' }))
  expect(state.read().choices).toEqual([
    choice({ scope: 'project', project: '/a' }),
    choice({ scope: 'project', project: '/b' }),
    choice({ host: 'gemini' }),
    choice({ project: '/elsewhere' }),
  ])
  state.forgetChoices()
  expect(state.read().choices).toEqual([])
})

test('a run keeps the earlier choices, unless the same is chosen again', () => {
  const state = openRecords(stateFolder(), createRunName('setup', 0))
  state.choose(choice({}))
  const later = openRecords(stateFolder(), createRunName('setup', 60_000))
  later.choose(choice({ project: '/elsewhere' }))
  expect(state.read().deeds).toEqual([{ type: 'chose', run: state.run, choices: [] }])
  later.choose(choice({ hooks: false }))
  later.choose(choice({ host: 'codex' }))
  expect(state.read().deeds[1]).toEqual({ type: 'chose', run: later.run, choices: [choice({})] })
  const machine = describeThisMachine({ environment: {}, home })
  rollback({ machine, stateFolder: stateFolder() })?.apply()
  expect(state.read().choices).toEqual([choice({})])
  rollback({ machine, stateFolder: stateFolder() })?.apply()
  expect(state.read()).toMatchObject({ choices: [], deeds: [] })
})

test('nothing is lost when two processes write', async () => {
  const state = openRecords(stateFolder())
  const lock = join(home, 'ours/installer/records.json.lock')
  mkdirSync(dirname(lock), { recursive: true })
  const script = `const { writeFileSync, rmSync } = require('node:fs')
    writeFileSync(process.argv[1], String(process.pid), { flag: 'wx' })
    console.log('taken')
    setTimeout(() => {
      writeFileSync(process.argv[2], process.argv[3])
      rmSync(process.argv[1])
    }, 200)`
  const others = JSON.stringify({
    version: 1,
    files: [{ run: '0', record: record('/theirs') }],
    choices: [],
    deeds: [],
  })
  const child = spawn(process.execPath, ['-e', script, lock, records(), others], { stdio: 'pipe' })
  const ended = once(child, 'close')
  await once(child.stdout, 'data')
  state.add(record('/ours'))
  await ended
  expect(state.read().files.map((written) => written.record.path)).toEqual(['/theirs', '/ours'])
})

test.each(['', '{', '{"version": 2}', '{"version": 1, "files": [{}], "choices": []}'])(
  'what it cannot read it does not write over: %s',
  (text) => {
    mkdirSync(join(home, 'ours/installer'), { recursive: true })
    writeFileSync(records(), text)
    const state = openRecords(stateFolder())
    for (const use of [state.read, () => state.add(record('/a'))]) {
      expect(use).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    }
    expect(statSync(records()).size).toBe(text.length)
  },
)

function record(path: string): FileRecord {
  return { path, before: { type: 'absent', folders: [] }, after: 'x', takeOut: { type: 'block' } }
}

function choice(given: Partial<SetupChoice>): SetupChoice {
  return {
    host: 'claude',
    scope: 'user',
    project: '/p',
    hooks: true,
    suppressNative: false,
    trust: true,
    ...given,
  }
}
