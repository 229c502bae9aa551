import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { computeExecutableStamp, computeFileStamp } from './file-stamp.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installation-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function install(version: string): void {
  mkdirSync(join(folder, version, 'bundle'), { recursive: true })
  writeFileSync(join(folder, version, 'package.json'), JSON.stringify({ version }))
  writeFileSync(join(folder, version, 'bundle', 'agent.js'), 'the same')
}

test('a file has another stamp once it is another file', () => {
  const path = join(folder, 'cli')
  const missing = computeFileStamp(path)
  writeFileSync(path, 'one')
  const first = computeFileStamp(path)
  expect(computeFileStamp(path)).toBe(first)
  writeFileSync(path, 'another')
  expect(new Set([missing, first, computeFileStamp(path)]).size).toBe(3)
})

test('an installation has another name after an upgrade, behind the same link or in the same file', () => {
  const command = join(folder, 'agent')
  install('1.0.0')
  symlinkSync(join(folder, '1.0.0', 'bundle', 'agent.js'), command)
  const first = computeExecutableStamp(command)
  expect(first).toBeDefined()
  expect(computeExecutableStamp(command)).toBe(first)

  writeFileSync(join(folder, '1.0.0', 'package.json'), '{"version":"1.0.10"}')
  const upgraded = computeExecutableStamp(command)
  expect(upgraded).not.toBe(first)

  install('2.0.0')
  rmSync(command)
  symlinkSync(join(folder, '2.0.0', 'bundle', 'agent.js'), command)
  expect(computeExecutableStamp(command)).not.toBe(upgraded)
})

test('what is not there has no name', () => {
  expect(computeExecutableStamp(join(folder, 'agent'))).toBeUndefined()
})
