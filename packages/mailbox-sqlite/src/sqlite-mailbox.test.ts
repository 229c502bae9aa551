import { openSqliteStore, type SqliteStore } from '@subagent-mcp/journal'
import { checkForLeaks, createManualClock } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
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

it('a waiting call takes its message in the transaction that adds it, also when many calls wait', async () => {
  const { mailbox, counts, send, next, close } = await openCounted()
  const stop = new AbortController()
  const waiting = ['w1', 'w2'].map((instance) => next(instance, stop.signal))
  await settle()
  counts.transactions = 0
  const { message } = await send('one')
  const batch = await waiting[0]
  expect(batch?.messages).toMatchObject([{ id: message.id, status: 'held' }])
  expect(counts.transactions).toBe(1)
  expect(await mailbox.acknowledge(batch?.take ?? '')).toEqual([message.id])
  stop.abort()
  expect(await waiting[1]).toBeUndefined()
  await close()
})

it('a message that was taken for a call which has ended meanwhile can be taken again', async () => {
  const { mailbox, send, next, close } = await openCounted()
  const stop = new AbortController()
  const waiting = next('w1', stop.signal)
  await settle()
  const removeListener = mailbox.onChange(() => {
    stop.abort()
  })
  const { message } = await send('one')
  expect(await waiting).toBeUndefined()
  removeListener()
  const batch = await next('w2', new AbortController().signal)
  expect(batch?.messages).toMatchObject([{ id: message.id, tries: 0 }])
  await close()
})

it('a message is kept when it cannot be taken in the transaction that adds it', async () => {
  const { counts, send, next, close } = await openCounted()
  const waiting = next('w1', new AbortController().signal)
  await settle()
  counts.failingTakes = 1
  const { message } = await send('one')
  expect((await waiting)?.messages).toMatchObject([{ id: message.id }])
  expect(counts.failingTakes).toBe(0)
  await close()
})

/** Opens a mailbox with the agent `worker` on a connection that counts transactions and can refuse to take messages. */
async function openCounted() {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const opened = openSqliteStore(join(folder, 'journal.db'))
  const counts = { transactions: 0, failingTakes: 0 }
  let isWriting = false
  const store: SqliteStore = {
    ...opened,
    write: (work) => {
      if (isWriting) return opened.write(work)
      counts.transactions += 1
      isWriting = true
      try {
        return opened.write(work)
      } finally {
        isWriting = false
      }
    },
    run: (sql, ...values) => {
      if (sql.includes("SET status = 'held'") && counts.failingTakes > 0) {
        counts.failingTakes -= 1
        throw new Error('on purpose')
      }
      return opened.run(sql, ...values)
    },
  }
  const mailbox = openSqliteMailbox({ store, clock: createManualClock(), isAlive: () => true })
  const handler = { instance: 'w1', kind: 'worker', pid: 1, startTime: '-', host: 'test' } as const
  const worker = { name: 'worker', project: '/p', capabilities: [], topics: [], wakes: 'high' } as const
  await mailbox.register({ ...worker, handler })
  const order = { agent: 'worker', leaseMs: 1_000, waitMs: 60_000 }
  return {
    mailbox,
    counts,
    close: async () => {
      await mailbox.close()
      expect(opened.rows(z.unknown(), 'SELECT 1')).toHaveLength(1) // The mailbox has not closed the connection that it was given.
      opened.close()
      rmSync(folder, { recursive: true })
    },
    send: (body: string) =>
      mailbox.send({ from: { name: 'boss', host: 'test', through: 'agent' }, to: 'worker', body }),
    next: (instance: string, stop: AbortSignal) => mailbox.next({ ...order, instance }, stop),
  }
}

/** Waits until waiting calls have set their timers. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
}
