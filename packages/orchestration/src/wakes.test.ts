import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countWake, forgetWakes, mayWake, writeWakeLimit } from './wakes.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wakes-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const turns = () => join(home, 'told/woken.json')
/** More than any system gives a process. */
const deadProcess = 2 ** 30

test('a session has so many turns until a person types, and no other session counts', () => {
  expect(mayWake(home, 'one')).toBe(false)
  writeWakeLimit(home, 2)
  for (const isFirst of [true, false]) {
    expect(mayWake(home, 'one'), String(isFirst)).toBe(true)
    countWake(home, { session: 'one', process: process.pid })
  }
  expect([mayWake(home, 'one'), mayWake(home, 'two')]).toEqual([false, true])
  forgetWakes(home, 'two')
  expect(mayWake(home, 'one')).toBe(false)
  forgetWakes(home, 'one')
  expect(mayWake(home, 'one')).toBe(true)
  expect(existsSync(turns())).toBe(false)
  writeWakeLimit(home, undefined)
  expect(mayWake(home, 'one')).toBe(false)
})

test('turns of hosts that have exited are forgotten with those of another session', () => {
  writeWakeLimit(home, 1)
  countWake(home, { session: 'dead', process: deadProcess })
  countWake(home, { session: 'alive', process: process.pid })
  forgetWakes(home, 'another')
  expect([mayWake(home, 'dead'), mayWake(home, 'alive')]).toEqual([true, false])
})

test.each([
  '',
  '{"version":1',
  '{"version":2,"sessions":{}}',
  '{"version":1,"sessions":{"one":{"turns":"x"}}}',
])('counts from nothing where the file is %j', (text) => {
  writeWakeLimit(home, 1)
  mkdirSync(join(home, 'told'))
  writeFileSync(turns(), text)
  expect(mayWake(home, 'one')).toBe(true)
  countWake(home, { session: 'one', process: process.pid })
  expect(mayWake(home, 'one')).toBe(false)
})
