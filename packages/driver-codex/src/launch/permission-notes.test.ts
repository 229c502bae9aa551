import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUserRuleFileNotes } from '../session/open-thread.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'codex-notes-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function makeRules(folder: string): string {
  const path = join(home, folder, 'rules', 'default.rules')
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, 'prefix_rule(pattern=["git", "push"], decision="allow")\n')
  return path
}

function notes(more: object): readonly string[] {
  return createUserRuleFileNotes({
    cwd: join(home, 'project', 'src'),
    environment: { HOME: home },
    mcp: 'none',
    ...more,
  })
}

test('rules that let commands pass are told where no command should pass unasked, those of a project are mute', () => {
  const file = makeRules('.codex')
  makeRules('project/.codex')
  const note = `codex runs unasked what the user's own rules allow: ${file}`
  expect(notes({ permissions: 'read-only' })).toEqual([note])
  expect(notes({ permissions: 'full-auto', asksAll: true })).toEqual([note])
  expect(notes({ permissions: 'full-auto' })).toEqual([])
  expect(notes({})).toEqual([])
})

test('where there are none, nothing is told', () => {
  expect(notes({ asksAll: true })).toEqual([])
})
