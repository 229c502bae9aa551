import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  countUnpromptedTurns,
  recordUnpromptedTurn,
  forgetUnpromptedTurns,
  mayStartUnpromptedTurn,
  writeUnpromptedTurnLimit,
} from './unprompted-turns.js'

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
  expect(mayStartUnpromptedTurn(home, 'one')).toBe(false)
  writeUnpromptedTurnLimit(home, 2)
  for (const isFirst of [true, false]) {
    expect(mayStartUnpromptedTurn(home, 'one'), String(isFirst)).toBe(true)
    recordUnpromptedTurn(home, by('one'))
  }
  expect([mayStartUnpromptedTurn(home, 'one'), mayStartUnpromptedTurn(home, 'two')]).toEqual([false, true])
  forgetUnpromptedTurns(home, by('two', process.ppid))
  expect(mayStartUnpromptedTurn(home, 'one')).toBe(false)
  forgetUnpromptedTurns(home, by('one'))
  expect(mayStartUnpromptedTurn(home, 'one')).toBe(true)
  expect(existsSync(turns())).toBe(false)
  writeUnpromptedTurnLimit(home, undefined)
  expect(mayStartUnpromptedTurn(home, 'one')).toBe(false)
})

test('turns of hosts that have exited are forgotten with those of another session', () => {
  writeUnpromptedTurnLimit(home, 1)
  recordUnpromptedTurn(home, by('dead', deadProcess))
  recordUnpromptedTurn(home, by('alive'))
  forgetUnpromptedTurns(home, by('another', process.ppid))
  expect([mayStartUnpromptedTurn(home, 'dead'), mayStartUnpromptedTurn(home, 'alive')]).toEqual([true, false])
})

test('the daemon counts the turns of a host by its processes, also after `/clear` began another session', () => {
  expect(countUnpromptedTurns(home, [process.pid])).toBe(0)
  for (const session of ['one', 'one', 'two']) recordUnpromptedTurn(home, by(session))
  recordUnpromptedTurn(home, by('another', process.ppid))
  expect(countUnpromptedTurns(home, [process.pid, 1])).toBe(2)
  expect(countUnpromptedTurns(home, [process.ppid])).toBe(1)
  expect(countUnpromptedTurns(home, [])).toBe(0)
  forgetUnpromptedTurns(home, by('two'))
  expect(countUnpromptedTurns(home, [process.pid])).toBe(0)
  expect(countUnpromptedTurns(home, [process.ppid])).toBe(1)
})

test('no turn is lost where many hooks count at the same time and others remove what is over', async () => {
  const script = `
    import { recordUnpromptedTurn, forgetUnpromptedTurns } from ${JSON.stringify(new URL('../dist/unprompted-turns.js', import.meta.url).href)}
    const [home, name] = process.argv.slice(1)
    for (let turn = 0; turn < 50; turn += 1) {
      if (name === 'typed') forgetUnpromptedTurns(home, { session: 'typed', process: process.pid })
      else recordUnpromptedTurn(home, { session: 'one', process: process.ppid })
    }`
  const writers = ['a', 'b', 'c', 'typed'].map((name) => runNode(script, [home, name]))
  expect(await Promise.all(writers)).toEqual([0, 0, 0, 0])
  expect(countUnpromptedTurns(home, [process.pid])).toBe(150)
})

test.each(['', 'no number\n', '{"version":1}\n'])('counts a session whose file is %j', (text) => {
  writeUnpromptedTurnLimit(home, 2)
  mkdirSync(turns(), { recursive: true })
  writeFileSync(join(turns(), 'one'), text)
  recordUnpromptedTurn(home, by('one'))
  expect(countUnpromptedTurns(home, [process.pid])).toBeGreaterThan(0)
  forgetUnpromptedTurns(home, by('one'))
  expect(mayStartUnpromptedTurn(home, 'one')).toBe(true)
})

test('a folder that is not one, and a name unsafe for a file, count nothing', () => {
  recordUnpromptedTurn(home, by('../../wild'))
  expect(existsSync(turns())).toBe(false)
  mkdirSync(join(home, 'told'))
  writeFileSync(turns(), '')
  expect(countUnpromptedTurns(home, [process.pid])).toBe(0)
  forgetUnpromptedTurns(home, by('one'))
})

function runNode(script: string, words: string[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, ...words], {
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.once('exit', resolve))
}
