import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCommitMarks, readCommitMarkFile, type LastWrittenNumber } from './commit-marks.js'
import { readDataLosses, recordDataLoss } from './data-losses.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'marks-'))
  path = join(folder, 'journal.mark')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const noted = (name: string, seq: number): LastWrittenNumber => ({ name, seq, at: seq })

test('daemons that share a file never lower a number of each other', () => {
  const [one, other] = [openCommitMarks(path), openCommitMarks(path)]
  one.note([noted('a', 1)])
  other.note([noted('a', 9)])
  one.note([noted('a', 5)])
  expect(readCommitMarkFile(path)).toMatchObject({ seq: 9, names: [noted('a', 9)] })
  one.forget(['a'])
  expect(readCommitMarkFile(path)).toMatchObject({ seq: 9, names: [] })
  other.note([noted('a', 10)])
  rmSync(path)
  one.check()
  other.check()
  expect(readCommitMarkFile(path)).toMatchObject({ seq: 10, names: [noted('a', 10)] })
  const late = openCommitMarks(path)
  rmSync(path)
  late.check()
  expect(readCommitMarkFile(path)).toMatchObject({ seq: 10, names: [noted('a', 10)] })
  late.close()
  one.close()
  other.close()
})

test('a file that cannot be written is reported once, and has all of it once it can', () => {
  const problems: string[] = []
  mkdirSync(path)
  const marks = openCommitMarks(path, (problem) => problems.push(problem))
  marks.note([noted('a', 1), noted('b', 2)])
  marks.check()
  expect(problems).toEqual([expect.stringContaining(`${path} cannot be written: `)])
  rmdirSync(path)
  marks.note([noted('c', 3)])
  expect(readCommitMarkFile(path).names).toHaveLength(3)
  marks.close()
})

test('a loss after one whose line is torn is read', () => {
  const database = join(folder, 'journal.db')
  const loss = { at: 1, database, found: 'it is gone', facts: 1, messages: 0, agents: [] }
  writeFileSync(join(folder, 'journal.losses'), JSON.stringify(loss).slice(0, 20))
  recordDataLoss(loss)
  recordDataLoss({ ...loss, facts: 2 })
  expect(readDataLosses(database).map(({ facts }) => facts)).toEqual([1, 2])
})
