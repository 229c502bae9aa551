import { createHandClock } from '@subagent-mcp/testkit'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { untilLost } from './until-lost.js'

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
  const clock = createHandClock()
  const ground: { trouble: string | undefined } = { trouble: undefined }
  const { lost, stop } = untilLost({ trouble: () => ground.trouble, socketPath }, clock)
  clock.advance(5_000)
  harm(ground, socketPath)
  clock.advance(1_000)
  expect(await lost).toMatchObject({ by: 'loss', drain: false })
  stop()
})
