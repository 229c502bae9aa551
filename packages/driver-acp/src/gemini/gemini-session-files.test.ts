import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deleteGeminiSessionFiles, readGeminiBackgroundPid } from './gemini-session-files.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const id = 'aaaaaaaa-0000-4000-8000-000000000000'
const like = 'aaaaaaaa-1111-4000-8000-000000000000'
const headed = (sessionId: string) => `${JSON.stringify({ sessionId })}\n`

/** Writes files below `.gemini/tmp` in the test's home, as `name: text`. */
function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, '.gemini', 'tmp', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

function left(): string[] {
  const entries = readdirSync(join(home, '.gemini', 'tmp'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(home, '.gemini', 'tmp', '/').length))
    .sort()
}

test('all of a session goes, and nothing of another, however alike its id', () => {
  const others = {
    'project/chats/session-2026-11-20T10-00-aaaaaaaa.jsonl': headed(like),
    'project/chats/session-2026-11-20T10-00-bbbbbbbb.jsonl': headed('bbbbbbbb'),
    [`project/chats/${like}/helper.jsonl`]: '',
    'project/tool-outputs/session-aaaaaaaa/x.txt': '',
    'project/memory/MEMORY.md': '',
    'background-processes/background-8.log': '',
  }
  write({
    ...others,
    'project/chats/session-2026-11-20T10-01-aaaaaaaa.jsonl': headed(id),
    'project/chats/session-2026-11-20T10-02-aaaaaaaa.jsonl': '{"id":"1","type":"user"}\n',
    [`project/chats/${id}/cccccccc-0000-4000-8000-000000000000.jsonl`]: '',
    [`project/tool-outputs/session-${id}/x.txt`]: '',
    'project/tool-outputs/session-cccccccc-0000-4000-8000-000000000000/x.txt': '',
    [`project/logs/session-${id}.jsonl`]: '',
    [`other/${id}/plans/plan.md`]: '',
    'background-processes/background-7.log': '',
  })
  deleteGeminiSessionFiles({ sessionId: id, background: [7] }, { HOME: home })
  expect(left()).toEqual(Object.keys(others).sort())
})

test.each(['', '.', '..', 'chats', 'memory'])(
  'what is no id of a session deletes nothing: %j',
  (sessionId) => {
    const files = ['project/chats/x.jsonl', 'project/memory/MEMORY.md', 'project/logs/x.jsonl']
    write(Object.fromEntries(files.map((name) => [name, ''])))
    deleteGeminiSessionFiles({ sessionId, background: [] }, { HOME: home })
    expect(left()).toEqual(files.sort())
  },
)

test.each(['chats', 'memory', 'logs', 'tool-outputs', '..'])('a sub-agent is none by the name %s', (name) => {
  const kept = `project/${name}/kept`
  write({ [kept]: '', [`project/chats/${id}/${name}.jsonl`]: '' })
  deleteGeminiSessionFiles({ sessionId: id, background: [] }, { HOME: home })
  expect(left()).toEqual([kept.replace('project/../', '')])
})

test('a home without anything is none to clear', () => {
  deleteGeminiSessionFiles({ sessionId: id, background: [7] }, { HOME: home })
  expect(readdirSync(home)).toEqual([])
})

const moved = 'Command moved to background (PID: 35). Output hidden. Press Ctrl+B to view.'

test.each([
  ['execute', moved, 35],
  ['execute', `it says: ${moved}`, undefined],
  ['read', moved, undefined],
  ['other', moved, undefined],
])('a command that was left running, as %s says: %s', (tool, output, pid) => {
  expect(readGeminiBackgroundPid({ tool, output })).toBe(pid)
})
