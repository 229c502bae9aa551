import { checkForLeaks } from '@subagent-mcp/testkit'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { preventComputerSleep } from './prevent-computer-sleep.js'

checkForLeaks()

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'awake-'))
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

/** Writes the platform's command as a script of Node, and keeps awake with it. */
function awake(code: string) {
  const path = join(home, 'systemd-inhibit')
  writeFileSync(path, `#!${process.execPath}\n${code}\n`)
  chmodSync(path, 0o755)
  const lost: string[] = []
  const environment = { PATH: home, HOME: home }
  const sleep = preventComputerSleep({ environment, platform: 'linux', onLost: (why) => lost.push(why) })
  return { sleep, lost }
}

test('the command of the platform runs until the function is called', async () => {
  const { sleep, lost } = awake(`
    const fs = require('node:fs')
    const note = (name, text) => fs.writeFileSync(process.env.HOME + '/' + name, text)
    note('up', JSON.stringify(process.argv.slice(2)))
    process.on('SIGTERM', () => undefined)
    process.stdin.on('end', () => note('down', '')).resume()`)
  const up = () => (existsSync(join(home, 'up')) ? readFileSync(join(home, 'up'), 'utf8') : '')
  await expect.poll(up).toContain('"--what=idle:sleep"')
  sleep()
  await expect.poll(() => existsSync(join(home, 'down'))).toBe(true)
  expect(lost).toEqual([])
})

test('a command that fails is reported once, with what it said', async () => {
  const { sleep, lost } = awake(`console.error('no bus'); process.exitCode = 1`)
  await expect.poll(() => lost).toEqual(['no bus'])
  sleep()
  expect(lost).toHaveLength(1)
})

test('without the command to keep the machine awake, the error names it', () => {
  const [platform, name] =
    process.platform === 'darwin'
      ? (['linux', 'systemd-inhibit'] as const)
      : (['darwin', 'caffeinate'] as const)
  const options = { environment: { PATH: home }, platform, onLost: () => undefined }
  expect(() => preventComputerSleep(options)).toThrow(`--keep-awake needs ${name}, which is not on PATH`)
})
