import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  readSessionAgentCounts,
  formatSessionStatusLine,
  writeSessionAgentCounts,
  type SessionAgentCounts,
} from './status-line.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'status-line-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const path = (): string => join(home, 'status.json')
const session: SessionAgentCounts = { project: '/p', processes: [7], working: 2, asking: 1, finished: 3 }

test.each([
  [{ working: 2, asking: 1, finished: 1 }, '2 agents at work · 1 asks · 1 result'],
  [{ working: 1, asking: 2, finished: 3 }, '1 agent at work · 2 ask · 3 results'],
  [{ working: 0, asking: 0, finished: 2 }, '2 results'],
  [{ working: 0, asking: 0, finished: 0 }, ''],
])('%j is shown as %s', (counts, text) => {
  expect(formatSessionStatusLine([counts])).toBe(text)
})

test('the numbers of several sessions are added', () => {
  expect(formatSessionStatusLine([session, session])).toBe('4 agents at work · 2 ask · 6 results')
})

test('what is written is read, and without a session the file goes', () => {
  writeSessionAgentCounts(home, [session])
  expect(readSessionAgentCounts(home)).toEqual([session])
  writeSessionAgentCounts(home, [])
  expect(() => readFileSync(path())).toThrow('ENOENT')
  expect(readSessionAgentCounts(home)).toEqual([])
})

test('of a daemon that has died only results are left', () => {
  writeSessionAgentCounts(home, [session])
  const file = readFileSync(path(), 'utf8')
  // No process has this id.
  writeFileSync(path(), file.replace(`"process":${process.pid}`, '"process":2147483647'))
  expect(readSessionAgentCounts(home)).toEqual([{ ...session, working: 0, asking: 0 }])
})

test.each(['', '{', '[]', '{"version":2,"sessions":[]}', '{"version":1,"sessions":[{"project":"/p"}]}'])(
  'nothing is read from %s',
  (text) => {
    writeFileSync(path(), text)
    expect(readSessionAgentCounts(home)).toEqual([])
  },
)
