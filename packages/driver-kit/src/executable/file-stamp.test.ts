import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileStamp } from './file-stamp.js'

test('a file has another stamp once it is another file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stamp-'))
  const path = join(folder, 'cli')
  const missing = fileStamp(path)
  writeFileSync(path, 'one')
  const first = fileStamp(path)
  expect(fileStamp(path)).toBe(first)
  writeFileSync(path, 'another')
  expect(new Set([missing, first, fileStamp(path)]).size).toBe(3)
  rmSync(folder, { recursive: true })
})
