import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { windowsWatchdogScript } from './watchdog-scripts.js'

/** Tests the Windows watchdog on other systems, by the `taskkill` commands that it would run. */
describe.skipIf(process.platform === 'win32')('the watchdog for Windows', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchdog-'))
    writeFileSync(join(folder, 'taskkill'), `#!/bin/sh\necho "$*" >> ${folder}/asked\n`)
    chmodSync(join(folder, 'taskkill'), 0o755)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it.each([
    ['ends the trees that are watched', 'watch 11 -\nwatch 12 -\nunwatch 11\nwatch 13 -\n', ['12', '13']],
    ['ends nothing when nothing is watched', 'watch 11 -\nunwatch 11\nclose\n', []],
    ['passes by a line that was cut off', 'watch 11 -\nunwatch 1', ['11']],
  ])('%s', async (_name, input, pids) => {
    const watchdog = spawn(process.execPath, ['-e', windowsWatchdogScript], {
      env: { PATH: folder },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    watchdog.stdin.end(input)
    expect(await once(watchdog, 'exit')).toEqual([0, null])
    const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : ''
    expect(asked).toBe(pids.map((pid) => `/T /F /PID ${pid}\n`).join(''))
  })
})
