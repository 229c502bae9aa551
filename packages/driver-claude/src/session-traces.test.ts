import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followTraces } from './session-traces.js'

let home: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'traces-'))
})

afterEach(() => rmSync(home, { recursive: true }))

function start(ephemeral: boolean) {
  const folder = { path: join(home, 'private'), systemPromptFile: undefined, mcpConfigFile: undefined }
  return followTraces({ ephemeral, environment: { HOME: home } }, folder)
}

/** What the CLI has of a session in two places. */
function putAside(sessionId: string): string[] {
  const files = ['.claude/projects/-a/ID/subagents/x.meta.json', 'private/claude-0/-a/ID/tasks/y.output'].map(
    (path) => join(home, path.replace('ID', sessionId)),
  )
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'asked')
  }
  return files
}

const identified = (sessionId: string) => ({ type: 'session-identified', sessionId }) as const

test('of an ephemeral session go when it has forgotten its conversation, and when it ends', () => {
  const traces = start(true)
  const [first, second, foreign] = ['one', 'two', 'three'].map(putAside)
  traces.follow(identified('one'))
  traces.follow(identified('one'))
  expect(first?.map(existsSync)).toEqual([true, true])
  traces.follow(identified('two'))
  expect([first, second].map((files) => files?.map(existsSync))).toEqual([
    [false, false],
    [true, true],
  ])
  traces.remove()
  expect([second, foreign].map((files) => files?.map(existsSync))).toEqual([
    [false, false],
    [true, true],
  ])
})

test('of a session that is kept stay', () => {
  const traces = start(false)
  const files = putAside('one')
  traces.follow(identified('one'))
  traces.follow(identified('two'))
  traces.remove()
  expect(files.map(existsSync)).toEqual([true, true])
})

test('are looked for below a name alone', () => {
  const traces = start(true)
  const [file = ''] = putAside('one')
  traces.follow(identified('../-a/one'))
  traces.remove()
  expect(existsSync(file)).toBe(true)
})

test('need not be there', () => {
  const traces = start(true)
  traces.follow(identified('one'))
  expect(() => traces.remove()).not.toThrow()
})
