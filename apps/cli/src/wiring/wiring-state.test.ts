import type { FileRecord } from '@subagent-mcp/installer'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Choice } from './choice.js'
import { openWiringState } from './wiring-state.js'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wiring-state-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const environment = () => ({ SUBAGENT_MCP_HOME: join(home, 'ours') })
const records = () => join(home, 'ours/installer/records.json')

test('keeps what was written, in order, for the user alone, and nothing before that', () => {
  const state = openWiringState(environment(), 0)
  expect(state.read()).toEqual({ version: 1, files: [], choices: [] })
  expect(existsSync(join(home, 'ours'))).toBe(false)
  state.add(record('/a'))
  const later = openWiringState(environment(), 60_000)
  later.add(record('/b'))
  expect(state.read().files).toEqual([
    { run: '1970-01-01T00-00-00-000Z', record: record('/a') },
    { run: '1970-01-01T00-01-00-000Z', record: record('/b') },
  ])
  expect(later.backups).toBe(join(home, 'ours/installer/backups/1970-01-01T00-01-00-000Z'))
  expect(statSync(records()).mode & 0o777).toBe(0o600)
  later.remove(record('/a'))
  expect(state.read().files).toMatchObject([{ record: { path: '/b' } }])
})

test('keeps one choice for a host, and one more for each project', () => {
  const state = openWiringState(environment())
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
  state.unchoose()
  expect(state.read().choices).toEqual([])
})

test.each(['', '{', '{"version": 2}', '{"version": 1, "files": [{}], "choices": []}'])(
  'what it cannot read it does not write over: %s',
  (text) => {
    mkdirSync(join(home, 'ours/installer'), { recursive: true })
    writeFileSync(records(), text)
    const state = openWiringState(environment())
    for (const use of [state.read, () => state.add(record('/a'))]) {
      expect(use).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    }
    expect(statSync(records()).size).toBe(text.length)
  },
)

function record(path: string): FileRecord {
  return { path, before: { type: 'absent', folders: [] }, after: 'x', takeOut: { type: 'block' } }
}

function choice(given: Partial<Choice>): Choice {
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
