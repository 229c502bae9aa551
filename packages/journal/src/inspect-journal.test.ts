import { SubagentError } from '@subagent-mcp/contract'
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { inspectJournal } from './inspect-journal.js'
import { entry, useJournals } from './journals.test.support.js'

const journals = useJournals()

test('is sound, also while somebody has it open', () => {
  const journal = journals.open()
  journal.append([entry('a', 1)])
  expect(inspectJournal(journals.path())).toEqual({ type: 'sound' })
  journal.append([entry('a', 2)])
  journal.close()
  expect(inspectJournal(journals.path())).toEqual({ type: 'sound' })
})

test('makes none', () => {
  const path = journals.path('none.db')
  expect(inspectJournal(path)).toEqual({ type: 'absent' })
  expect(existsSync(path)).toBe(false)
})

test('is damaged when a page of it is', () => {
  const journal = journals.open()
  for (let number = 0; number < 2000; number += 1) journal.append([entry('a', number)])
  journal.close()
  // Without what was written last, which lies beside the file and hides what is in it.
  const path = journals.path('copy.db')
  copyFileSync(journals.path(), path)
  expect(inspectJournal(path)).toEqual({ type: 'sound' })
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 12 * 4096)
  closeSync(file)
  expect(tryInspect(path)).toMatch(/damaged/)
})

test('is no database', () => {
  const path = journals.path('text.db')
  writeFileSync(path, 'not a database, and long enough to be looked at as one. '.repeat(100))
  const before = readFileSync(path)
  expect(() => inspectJournal(path)).toThrow(SubagentError)
  expect(readFileSync(path)).toEqual(before)
})

/** How bad the damage is decides whether SQLite lists it or gives up. */
function tryInspect(path: string): string {
  try {
    return inspectJournal(path).type
  } catch (error) {
    return String(error)
  }
}
