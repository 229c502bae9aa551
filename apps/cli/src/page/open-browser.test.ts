import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findBrowserCommand, openBrowser } from './open-browser.js'

const address = 'http://127.0.0.1:4/#code=x'

/** An environment with programs that write their first argument into a file. */
function environmentWith(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, name), '#!/bin/sh\n', { mode: 0o755 })
  return { PATH: folder }
}

test.skipIf(process.platform === 'win32')(
  'the browser is that of the system, and none without a screen',
  () => {
    const environment = environmentWith('xdg-open')
    const machine = { platform: 'linux', environment } as const
    expect(findBrowserCommand(address, machine)).toBeUndefined()
    const withScreen = { ...machine, environment: { ...environment, DISPLAY: ':0' } }
    expect(findBrowserCommand(address, withScreen)).toEqual({
      command: join(environment.PATH, 'xdg-open'),
      args: [address],
    })
    const mac = environmentWith('open')
    expect(findBrowserCommand(address, { platform: 'darwin', environment: mac })?.args).toEqual([address])
    expect(findBrowserCommand(address, { platform: 'win32', environment: {} })?.command).toBe('rundll32.exe')
  },
)

test.skipIf(process.platform === 'win32')('a browser that cannot be started is said', async () => {
  const environment = { ...environmentWith('xdg-open'), DISPLAY: ':0' }
  expect(await openBrowser(address, { platform: 'linux', environment })).toBe(true)
  expect(await openBrowser(address, { platform: 'linux', environment: {} })).toBe(false)
})
