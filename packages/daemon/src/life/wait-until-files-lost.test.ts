import { createManualClock } from '@subagent-mcp/testkit'
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { waitUntilFilesLost } from './wait-until-files-lost.js'

test.each([
  [
    'its journal is gone',
    (ground: { trouble: string | undefined }) => (ground.trouble = 'journal.db is gone'),
  ],
  ['its socket is gone', (_: unknown, socket: string) => rmSync(socket)],
  [
    'its socket was replaced',
    (_: unknown, socket: string) => {
      writeFileSync(`${socket}-2`, '')
      renameSync(`${socket}-2`, socket)
    },
  ],
])('a daemon ends once %s', async (_, harm) => {
  const folder = mkdtempSync(join(tmpdir(), 'lost-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const socketPath = join(folder, 'sock')
  writeFileSync(socketPath, '')
  const clock = createManualClock()
  const ground: { trouble: string | undefined } = { trouble: undefined }
  const { lost, stop } = waitUntilFilesLost({ trouble: () => ground.trouble, socketPath }, clock)
  clock.advance(5_000)
  harm(ground, socketPath)
  clock.advance(1_000)
  expect(await lost).toMatchObject({ by: 'loss', drain: false })
  stop()
})

test('a daemon continues after two failed checks of its files, and ends at the third', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lost-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const socketPath = join(folder, 'sock')
  writeFileSync(socketPath, '')
  const clock = createManualClock()
  const told: unknown[] = []
  let isStale = false
  const trouble = (): undefined => {
    if (isStale) throw new Error('ESTALE: stale file handle')
  }
  const { lost } = waitUntilFilesLost({ trouble, socketPath }, clock)
  void lost.then((stop) => told.push(stop))
  for (const stale of [true, true, false, true, true]) {
    isStale = stale
    clock.advance(1_000)
  }
  await nextTurn()
  expect(told).toEqual([])
  clock.advance(1_000)
  expect((await lost).reason).toContain('ESTALE')
})

test.skipIf(process.platform === 'win32')('a failed check of its socket counts too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lost-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // A link to itself: ELOOP, which no right of the user keeps away.
  const loop = join(folder, 'loop')
  symlinkSync(loop, loop)
  const clock = createManualClock()
  const { lost } = waitUntilFilesLost({ trouble: () => undefined, socketPath: join(loop, 'sock') }, clock)
  clock.advance(1_000)
  clock.advance(1_000)
  expect((await lost).reason).toContain('ELOOP')
})
