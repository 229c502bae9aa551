import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countedWakes, countWake, forgetWakes, mayWake, writeWakeLimit } from './wakes.js'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wakes-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const turns = () => join(home, 'told/woken')
/** More than any system gives a process. */
const deadProcess = 2 ** 30

const by = (session: string, host = process.pid) => ({ session, process: host })

test('a session has so many turns until a person types, and no other session counts', () => {
  expect(mayWake(home, 'one')).toBe(false)
  writeWakeLimit(home, 2)
  for (const isFirst of [true, false]) {
    expect(mayWake(home, 'one'), String(isFirst)).toBe(true)
    countWake(home, by('one'))
  }
  expect([mayWake(home, 'one'), mayWake(home, 'two')]).toEqual([false, true])
  forgetWakes(home, by('two', process.ppid))
  expect(mayWake(home, 'one')).toBe(false)
  forgetWakes(home, by('one'))
  expect(mayWake(home, 'one')).toBe(true)
  expect(existsSync(turns())).toBe(false)
  writeWakeLimit(home, undefined)
  expect(mayWake(home, 'one')).toBe(false)
})

test('turns of hosts that have exited are forgotten with those of another session', () => {
  writeWakeLimit(home, 1)
  countWake(home, by('dead', deadProcess))
  countWake(home, by('alive'))
  forgetWakes(home, by('another', process.ppid))
  expect([mayWake(home, 'dead'), mayWake(home, 'alive')]).toEqual([true, false])
})

test('the daemon counts the turns of a host by its processes, also after `/clear` began another session', () => {
  expect(countedWakes(home, [process.pid])).toBe(0)
  for (const session of ['one', 'one', 'two']) countWake(home, by(session))
  countWake(home, by('another', process.ppid))
  expect(countedWakes(home, [process.pid, 1])).toBe(2)
  expect(countedWakes(home, [process.ppid])).toBe(1)
  expect(countedWakes(home, [])).toBe(0)
  forgetWakes(home, by('two'))
  expect(countedWakes(home, [process.pid])).toBe(0)
  expect(countedWakes(home, [process.ppid])).toBe(1)
})

test('no turn is lost where many hooks count at the same time and others remove what is over', async () => {
  const script = `
    import { countWake, forgetWakes } from ${JSON.stringify(new URL('../dist/wakes.js', import.meta.url).href)}
    const [home, name] = process.argv.slice(1)
    for (let turn = 0; turn < 50; turn += 1) {
      if (name === 'typed') forgetWakes(home, { session: 'typed', process: process.pid })
      else countWake(home, { session: 'one', process: process.ppid })
    }`
  const writers = ['a', 'b', 'c', 'typed'].map((name) => runNode(script, [home, name]))
  expect(await Promise.all(writers)).toEqual([0, 0, 0, 0])
  expect(countedWakes(home, [process.pid])).toBe(150)
})

test.each(['', 'no number\n', '{"version":1}\n'])('counts a session whose file is %j', (text) => {
  writeWakeLimit(home, 2)
  mkdirSync(turns(), { recursive: true })
  writeFileSync(join(turns(), 'one'), text)
  countWake(home, by('one'))
  expect(countedWakes(home, [process.pid])).toBeGreaterThan(0)
  forgetWakes(home, by('one'))
  expect(mayWake(home, 'one')).toBe(true)
})

test('a folder that is not one, and a name unsafe for a file, count nothing', () => {
  countWake(home, by('../../wild'))
  expect(existsSync(turns())).toBe(false)
  mkdirSync(join(home, 'told'))
  writeFileSync(turns(), '')
  expect(countedWakes(home, [process.pid])).toBe(0)
  forgetWakes(home, by('one'))
})

function runNode(script: string, words: string[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, ...words], {
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('exit', resolve))
}
