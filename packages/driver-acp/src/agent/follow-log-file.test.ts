import { checkForLeaks } from '@subagent-mcp/testkit'
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followLogFile } from './follow-log-file.js'

checkForLeaks()

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'follow-')), 'log')
  writeFileSync(path, '')
})
afterEach(() => rmSync(join(path, '..'), { recursive: true }))

test('tells whole lines, in order, whatever the pieces, until it is stopped', async () => {
  const lines: string[] = []
  const { stop } = followLogFile(path, (line) => lines.push(line))
  const [half, rest] = [Buffer.from('grün').subarray(0, 3), Buffer.from('grün').subarray(3)]
  appendFileSync(path, 'one\ntwo\nthree ')
  await vi.waitUntil(() => lines.length === 2)
  appendFileSync(path, half)
  appendFileSync(path, rest)
  appendFileSync(path, '\n')
  await vi.waitUntil(() => lines.length === 3)
  stop()
  appendFileSync(path, 'four\n')
  expect(lines).toEqual(['one', 'two', 'three grün'])
})

test('a file that goes away is no fault', async () => {
  const lines: string[] = []
  const { stop } = followLogFile(path, (line) => lines.push(line))
  appendFileSync(path, 'one\n')
  await vi.waitUntil(() => lines.length === 1)
  rmSync(path)
  stop()
  expect(lines).toEqual(['one'])
})

test('goes on from the beginning when it is emptied', async () => {
  const lines: string[] = []
  const { empty, stop } = followLogFile(path, (line) => lines.push(line))
  appendFileSync(path, 'one of some length\n')
  await vi.waitUntil(() => lines.length === 1)
  empty()
  await vi.waitUntil(() => statSync(path).size === 0)
  appendFileSync(path, 'two\n')
  await vi.waitUntil(() => lines.length === 2)
  stop()
  expect(lines).toEqual(['one of some length', 'two'])
})

test('empties itself when it grows large', async () => {
  const { stop } = followLogFile(path, () => undefined)
  appendFileSync(path, `${'x'.repeat(1023)}\n`.repeat(9 * 1024))
  await vi.waitUntil(() => statSync(path).size === 0, { timeout: 10_000 })
  stop()
})
