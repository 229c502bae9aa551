import { SubagentError } from '@subagent-mcp/contract'
import Database from 'libsql'
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { inspectJournal } from './inspect-journal.js'
import { entry, useJournals } from './journals.test.support.js'

const journals = useJournals()

function mergeWal(path: string): void {
  const database = new Database(path)
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  database.close()
}

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
  const path = journals.path('copy.db')
  // Otherwise the write-ahead log would still have the page, and SQLite would not read the damaged one.
  mergeWal(journals.path())
  copyFileSync(journals.path(), path)
  expect(inspectJournal(path)).toEqual({ type: 'sound' })
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 12 * 4096)
  closeSync(file)
  expect(inspectJournal(path)).toMatchObject({ type: 'damaged' })
})

test('is no database', () => {
  const path = journals.path('text.db')
  writeFileSync(path, 'not a database, and long enough to be looked at as one. '.repeat(100))
  const before = readFileSync(path)
  expect(inspectJournal(path)).toEqual({ type: 'damaged', problems: ['file is not a database'] })
  expect(readFileSync(path)).toEqual(before)
})

test('is absent while it is empty, and cannot be looked at when it is a folder', () => {
  const path = journals.path('empty.db')
  writeFileSync(path, '')
  expect(inspectJournal(path)).toEqual({ type: 'absent' })
  expect(() => inspectJournal(dirname(path))).toThrow(SubagentError)
})

test('leaves nothing beside it, and what is there as it is', () => {
  const journal = journals.open()
  journal.append([entry('a', 1)])
  const open = journals.path('open.db')
  for (const suffix of ['', '-wal']) copyFileSync(`${journals.path()}${suffix}`, `${open}${suffix}`)
  journal.close()
  const closed = journals.path('closed %41?.db')
  copyFileSync(journals.path(), closed)
  const before = readFileSync(`${open}-wal`)
  expect([open, closed].map(inspectJournal)).toEqual([{ type: 'sound' }, { type: 'sound' }])
  expect(readFileSync(`${open}-wal`)).toEqual(before)
  expect(readdirSync(dirname(closed)).filter((name) => name.startsWith('closed'))).toEqual([basename(closed)])
})
