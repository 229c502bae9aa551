import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatReportNotice } from './answer-event.js'
import {
  readUnreadReportsForHooks,
  findUnreadReportsOfProcess,
  writeUnreadReportsForHooks,
  type SessionWithReports,
} from './unread-reports.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'agents-file-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const own: SessionWithReports = { project: '/p', processes: [7, 8], finished: ['a.1'], asking: [] }
const other: SessionWithReports = { project: '/p', processes: [9], finished: ['b.1'], asking: ['c.1'] }
const left: SessionWithReports = { project: '/p', finished: ['d.1'], asking: [] }

test('what is written is read; without any report the file goes, with the notes of who was told', () => {
  writeUnreadReportsForHooks(home, [own, left])
  expect(readUnreadReportsForHooks(home)).toEqual([own, left])
  mkdirSync(join(home, 'told'))
  for (const name of ['agents-claude-one', 'mail-one']) writeFileSync(join(home, 'told', name), '')
  writeUnreadReportsForHooks(home, [{ ...own, finished: [] }])
  expect(readdirSync(home)).toEqual(['told'])
  expect(readdirSync(join(home, 'told'))).toEqual(['mail-one'])
})

test.each<[string, number, readonly SessionWithReports[], readonly string[] | undefined]>([
  ['its own and those that no session owns', 8, [own, other, left], ['a.1', 'd.1']],
  ['none of another session', 7, [{ ...own, finished: [] }, other], undefined],
  ['all of the project for an unknown process', 5, [own, other, left], ['a.1', 'b.1', 'd.1', 'c.1']],
  ['none of another project', 5, [{ ...own, project: '/q' }], undefined],
])('a session gets %s', (_, process, sessions, expected) => {
  const found = findUnreadReportsOfProcess({ project: '/p', process }, sessions)
  expect(found && [...found.finished, ...found.asking]).toEqual(expected)
})

test.each([
  '{"version":2,"sessions":[]}',
  '{"version":1}',
  '{"version":1,"sessions":[7,{"project":"/p","finished":[1],"asking":[]}]}',
  '[]',
  '{',
])('nothing waits where the file is %s', (text) => {
  writeFileSync(join(home, 'agents.json'), text)
  expect(readUnreadReportsForHooks(home)).toEqual([])
})

test.each([
  [['a.1'], [], '1 sub-agent has finished: call `wait` of subagent-mcp, which returns what they report.'],
  [
    ['a.1', 'b.2'],
    ['c.1'],
    '2 sub-agents have finished and 1 sub-agent asks for permission: call `wait` of subagent-mcp, which returns what they report.',
  ],
  [
    [],
    ['a.1', 'b.1'],
    '2 sub-agents ask for permission: call `wait` of subagent-mcp, which returns what they report.',
  ],
])('finished %j, asking %j', (finished, asking, expected) => {
  expect(formatReportNotice({ finished, asking })).toBe(expected)
})
