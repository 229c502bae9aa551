import { openSqliteStore } from '@subagent-mcp/journal'
import { checkForLeaks, createManualClock } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeMailbox } from '@subagent-mcp/mailbox/describe-mailbox'
import { openSqliteMailbox } from './sqlite-mailbox.js'

checkForLeaks()

describeMailbox('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const clock = createManualClock()
  return Promise.resolve({
    open: (options) =>
      Promise.resolve(openSqliteMailbox({ path: join(folder, 'journal.db'), clock, ...options })),
    pass: async (milliseconds) => {
      await settle()
      clock.advance(milliseconds)
      await settle()
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
})

it('sets no timer while no call waits', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const hand = createManualClock()
  let timers = 0
  const after = (milliseconds: number, callback: () => void) => {
    timers += 1
    const cancel = hand.after(milliseconds, callback)
    return () => {
      timers -= 1
      cancel()
    }
  }
  const clock = { now: hand.now, after }
  const mailbox = openSqliteMailbox({ path: join(folder, 'journal.db'), clock, isAlive: () => true })
  mailbox.onChange(() => undefined)
  expect(timers).toBe(0)
  const stop = new AbortController()
  const order = { agent: 'worker', instance: 'w1', leaseMs: 1_000, waitMs: 60_000 }
  const waiting = mailbox.next(order, stop.signal)
  await settle()
  expect(timers).toBe(2)
  stop.abort()
  expect(await waiting).toBeUndefined()
  expect(timers).toBe(0)
  await mailbox.close()
  rmSync(folder, { recursive: true })
})

it('an unreadable file does not end a waiting call, and rejects other calls', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const path = join(folder, 'journal.db')
  const clock = createManualClock()
  const mailbox = openSqliteMailbox({ path, clock, isAlive: () => true })
  const order = { agent: 'worker', instance: 'w1', leaseMs: 1_000, waitMs: 9_000 }
  const waiting = mailbox.next(order, new AbortController().signal)
  await settle()
  const other = openSqliteStore(path)
  other.write(() => {
    other.execute('DROP TABLE mailAgents')
  })
  other.close()
  clock.advance(3_000) // throws what a timer does
  await expect(mailbox.agents()).rejects.toMatchObject({ code: 'io-failed' })
  clock.advance(6_000)
  expect(await waiting).toBeUndefined()
  await mailbox.close()
  rmSync(folder, { recursive: true })
})

it('what arrives together is written in order, and one that fails takes none of the others with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const path = join(folder, 'journal.db')
  const open = () => openSqliteMailbox({ path, clock: createManualClock(), isAlive: () => true })
  const mailbox = open()
  const handler = { instance: 'w1', kind: 'worker', pid: 1, startTime: '-', host: 'test' } as const
  const worker = { name: 'worker', project: '/p', capabilities: [], topics: [], wakes: 'high' } as const
  await mailbox.register({ ...worker, handler })
  const from = { name: 'boss', host: 'test', through: 'agent' } as const
  const send = (body: string, to = 'worker') => mailbox.send({ from, to, body })
  // SQLite takes it for NULL, which the column refuses.
  const broken = { ...worker, name: 'other', handler: { ...handler, instance: 'w2', pid: Number.NaN } }
  const ends = await Promise.allSettled([
    send('one'),
    send('two', 'nobody'),
    mailbox.register(broken),
    send('three'),
  ])
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  const last = send('before the close')
  await mailbox.close()
  await last
  const again = open()
  const items = await again.inbox('worker')
  expect(items.map(({ body }) => body)).toEqual(['one', 'three', 'before the close'])
  await again.close()
  rmSync(folder, { recursive: true })
})

/** Waits until waiting calls have set their timers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
}
