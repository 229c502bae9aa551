import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { releaseLockFile, takeLockFile } from './lock-file.js'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'))
  path = join(folder, 'daemon.lock')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('is taken once, until it is given back', () => {
  expect([takeLockFile(path), takeLockFile(path)]).toEqual([true, false])
  releaseLockFile(path)
  expect(takeLockFile(path)).toBe(true)
})

test('is not given back by another', () => {
  writeFileSync(path, String(process.ppid))
  releaseLockFile(path)
  expect(existsSync(path)).toBe(true)
})

test.each([
  ['of a living process', () => String(process.ppid), 0, false],
  ['of a dead process', () => '4194305', 0, true],
  ['that is being written', () => '', 0, false],
  ['of long ago, whoever has its pid now', () => String(process.ppid), 60, true],
  ['of the future, as after the clock was set back', () => String(process.ppid), -60, true],
])('one %s', (_, holder, age, isTaken) => {
  writeFileSync(path, holder())
  const time = Date.now() / 1000 - age
  utimesSync(path, time, time)
  expect(takeLockFile(path)).toBe(isTaken)
  if (isTaken) expect(readFileSync(path, 'utf8')).toBe(String(process.pid))
})

test('where nothing can be written it is an error, and no start', () => {
  expect(() => takeLockFile(join(folder, 'missing', 'daemon.lock'))).toThrow('ENOENT')
})
