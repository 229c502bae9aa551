import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitUntilNoDaemon } from './wait-until-no-daemon.js'

test('a signal during the first look for another daemon ends the wait, and this daemon does not serve', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlast-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const others = process.listeners('SIGTERM')
  process.removeAllListeners('SIGTERM')
  onTestFinished(() => {
    for (const listener of others) process.on('SIGTERM', listener)
  })
  const outlasted = waitUntilNoDaemon(join(folder, 'none.sock'), () => undefined)
  process.emit('SIGTERM')
  expect(await outlasted).toBe('stopped')
  expect(process.listenerCount('SIGTERM')).toBe(0)
})
