import { checkForLeaks } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimJournalForDaemon } from './claim-journal-for-daemon.js'

checkForLeaks()
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turn-'))
  path = join(folder, 'socket')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const by = {
  id: 'o',
  kind: 'daemon',
  pid: 77,
  startTime: '-',
  place: '',
  nonce: 'n',
  version: '1',
  since: 0,
} as const
const place = () => ({ socketPath: path, onWait: () => undefined })
/** A journal claim that fails this many times because another daemon has the journal, and then succeeds. */
const claimAfter = (looks: number) => {
  let left = looks
  return () => (left-- > 0 ? ({ type: 'taken', by } as const) : ({ type: 'won' } as const))
}

test('a daemon serves when no other daemon has the journal', async () => {
  expect(await claimJournalForDaemon({ claim: claimAfter(0) }, place())).toBe(true)
})

test('it serves once a daemon that has the journal and does not answer is gone', async () => {
  expect(await claimJournalForDaemon({ claim: claimAfter(3) }, place())).toBe(true)
})

test('it does not serve while the daemon that has the journal answers', async () => {
  const server = createServer((socket) => socket.resume().end())
  await new Promise<void>((resolve) => server.listen(path, resolve))
  expect(await claimJournalForDaemon({ claim: claimAfter(Infinity) }, place())).toBe(false)
  await new Promise((resolve) => server.close(resolve))
})

test('the error names a daemon that neither answers nor ends', async () => {
  await expect(
    claimJournalForDaemon({ claim: claimAfter(Infinity) }, { ...place(), limit: 100 }),
  ).rejects.toMatchObject({
    code: 'daemon-failed',
    message: 'daemon 77 is there and does not answer',
  })
})

test('it serves once a draining daemon is gone', async () => {
  const ending = createHttpServer((_, response) => response.end('{ "draining": true }'))
  await new Promise<void>((resolve) => ending.listen(path, resolve))
  let waits = 0
  const onWait = (): void => {
    waits += 1
    ending.close()
  }
  expect(await claimJournalForDaemon({ claim: claimAfter(1) }, { ...place(), onWait })).toBe(true)
  expect(waits).toBe(1)
})
