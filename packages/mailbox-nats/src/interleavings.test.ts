import { systemClock } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { jetstreamManager } from '@nats-io/jetstream'
import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from './fleet.test.support.js'
import { createDeliveryHints } from './jetstream/delivery-hints.js'
import { createMailStreamNames } from './jetstream/stream-names.js'
import { createJetStreamRequests } from './jetstream/requests.js'
import { createJetStreamStore } from './jetstream/store.js'
import { formatMessageSubject, formatQueueSubject, formatReadySubject } from './jetstream/subjects.js'
import { createEmptyQueueRecord } from './queue/queue-records.js'
import { startProxy } from './proxy.test.support.js'
import { openMailConnection } from './servers/connection.js'
import { parseServerUrls } from './servers/server-urls.js'

// States that processes leave which die between two writes, or that come of what two processes do in parallel, are written here as
// they do it.
describe('what other processes have left', needsNats, () => {
  let nats: Awaited<ReturnType<typeof startNats>>
  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(() => nats.end())
  checkForLeaks()
  afterEach(ending)

  test('a message with a reply is handled, although its hint comes for the first time', async () => {
    const { open, put } = await openServers(nats.url)
    const mailbox = await open()
    const { message } = await mailbox.send({ from: boss, to: 'worker', body: 'question' })
    const { id, thread } = message
    await put({ id: `${id}:re`, thread, from: 'worker', to: 'boss' })
    expect(await next(mailbox)).toBeUndefined()
    expect(await mailbox.inbox('worker')).toEqual([])
  })

  test('a hint that arrives while the wait for it ends comes again immediately', async () => {
    const { put, store, hints, names } = await openServers(nats.url)
    const subject = formatReadySubject(names.prefix, 'worker', 't')
    for (let round = 1; round <= 30; round += 1) {
      const first = hints.wait('worker', 5_000, never)
      await Promise.all([
        put({ id: `${round}`, thread: 't', from: 'boss', to: 'worker' }),
        store.put({ subject, record: { v: 1, agent: 'worker', thread: 't' } }),
      ])
      const got = await first
      if (got.length === 1) got.push(...(await hints.wait('worker', 5_000, never)))
      expect([round, got.map(({ kind }) => kind).toSorted()]).toEqual([round, ['ready', 'work']])
      for (const hint of got) hint.acknowledge()
    }
  })

  test('a message is given to one of those who read and take it, wherever the reader pauses', async () => {
    const { open } = await openServers(nats.url)
    const other = await open()
    const proxy = await startProxy(nats.url)
    runAtEnd(() => proxy.end())
    const reader = await open({ url: proxy.url })
    for (let writes = 0, isHolding = true; isHolding; writes += 1) {
      const { message } = await other.send({ from: boss, to: 'worker', body: `${writes}` })
      const hold = proxy.holdAfter(writes)
      const reading = reader.read({ agent: 'worker', ids: [message.id] })
      let isRead = false
      void reading.finally(() => (isRead = true))
      await expect.poll(() => isRead || hold.isHolding()).toBe(true)
      isHolding = hold.isHolding()
      const taken = await next(other)
      if (taken) await other.acknowledge(taken.take)
      hold.resume()
      const given = [...(await reading), ...(taken?.messages ?? [])].map(({ body }) => body)
      expect(given).toEqual([`${writes}`])
    }
  })

  test('a call for an unknown agent creates no consumers, and gets mail once the agent is known', async () => {
    const { open, consumers } = await openServers(nats.url)
    const mailbox = await open()
    const before = await consumers()
    expect(await next(mailbox, { agent: 'nobody' })).toBeUndefined()
    const waiting = next(mailbox, { agent: 'nobody', waitMs: 10_000 })
    await mailbox.agents()
    expect(await consumers()).toEqual(before)
    const other = await open()
    const handler = { instance: 'late', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
    await other.register({ ...registrationOf(handler), name: 'nobody' })
    await other.send({ from: boss, to: 'nobody', body: 'hello' })
    expect(await waiting).toMatchObject({ messages: [{ body: 'hello' }] })
  })

  test('of two messages that were sent in parallel the earlier is taken first, whichever hint comes', async () => {
    const { open, put, hints } = await openServers(nats.url)
    const mailbox = await open()
    for (const id of ['1', '2'])
      await put({ id, thread: 't', from: 'boss', to: 'worker', addsReceiver: true })
    expect(await hints.wait('worker', 5_000, never)).toMatchObject([{ kind: 'work' }])
    expect(await next(mailbox)).toMatchObject({ messages: [{ id: '1' }] })
  })

  test('when the lease of a dead process ends, waiting handlers learn of it, although the hints of later messages are forgotten', async () => {
    const { open } = await openServers(nats.url)
    const [dying, other] = [await open(), await open()]
    await dying.send({ from: boss, to: 'worker', body: 'first', thread: 't' })
    expect(await next(dying, { leaseMs: 2_000, instance: 'dying' })).toBeDefined()
    await dying.close()
    await other.send({ from: boss, to: 'worker', body: 'second', thread: 't' })
    expect(await next(other, { waitMs: 5_000 })).toMatchObject({ messages: [{ body: 'first' }] })
  })

  test('the hint of a message that is held comes again when its lease is over', async () => {
    const { open, put, hints } = await openServers(nats.url)
    const [dying, other] = [await open(), await open()]
    for (const id of ['1', '2']) await put({ id, thread: 't', from: 'boss', to: 'worker' })
    const [first] = await hints.wait('worker', 5_000, never)
    expect(await next(dying, { leaseMs: 2_000, instance: 'dying' })).toMatchObject({
      messages: [{ id: '1' }],
    })
    await dying.close()
    await first?.retry(0)
    expect(await next(other, { waitMs: 5_000 })).toMatchObject({ messages: [{ id: '1' }] })
  })

  test('a revived message whose text is gone is forgotten', async () => {
    const { open, store, names } = await openServers(nats.url)
    const mailbox = await open()
    const name = { agent: 'worker', thread: 't' }
    const record = { ...createEmptyQueueRecord(name), revived: [{ id: 'gone', seq: 1_000, deaths: 1 }] }
    const subject = formatQueueSubject(names.prefix, 'worker', 't')
    await store.put({ subject, record })
    expect(await next(mailbox, { thread: 't' })).toBeUndefined()
    expect(await store.last(names.queues, subject)).toBeUndefined()
  })

  test('an old message that was revived is a dead letter again', async () => {
    const { open } = await openServers(nats.url)
    const mailbox = await open({ rules: { keepMs: 300, maxTries: 1 } })
    const { message } = await mailbox.send({ from: boss, to: 'worker', body: 'fails' })
    const batch = await next(mailbox)
    await mailbox.release(batch?.take ?? '', { failure: 'no idea' })
    await mailbox.revive(message.id)
    await expect.poll(() => deadAfterTidy(mailbox)).toEqual(['fails'])
    const ids = (await mailbox.thread(message.id)).map(({ id }) => id)
    expect(ids).toContain(`${message.id}:dead:2`)
  })

  test('old messages behind many that stay become dead letters', async () => {
    const { open, put, store, names } = await openServers(nats.url)
    const mailbox = await open({ rules: { keepMs: 300 } })
    const ids = Array.from({ length: 500 }, (_, index) => `${index}`)
    const mail = await Promise.all(
      ids.map(async (id) => ({ id, seq: (await put({ id, thread: 't', from: 'boss', to: 'worker' })) ?? 0 })),
    )
    const lease = { take: 'x.worker', instance: 'x', until: Date.now() + 600_000, mail }
    const record = { ...createEmptyQueueRecord({ agent: 'worker', thread: 't' }), lease }
    await store.put({ subject: formatQueueSubject(names.prefix, 'worker', 't'), record })
    await mailbox.send({ from: boss, to: 'other', body: 'behind them' })
    await expect.poll(() => deadAfterTidy(mailbox), { timeout: 5_000 }).toEqual(['behind them'])
  })
})

const never = new AbortController().signal

function next(mailbox: Mailbox, options: Partial<Parameters<Mailbox['next']>[0]> = {}) {
  return mailbox.next(
    { agent: 'worker', instance: 'i', leaseMs: 60_000, waitMs: 0, limit: 1, ...options },
    never,
  )
}

async function deadAfterTidy(mailbox: Mailbox): Promise<string[]> {
  await mailbox.tidy()
  return (await mailbox.dead({})).map(({ body }) => body)
}

type Written = { id: string; thread: string; from: string; to: string; addsReceiver?: boolean }

/** A mailbox of its own on the server, and the parts by which a test writes to it. */
async function openServers(url: string) {
  const namespace = `test-${randomUUID()}`
  const names = createMailStreamNames(namespace)
  const open = async (options: Partial<Parameters<typeof openFleetMachine>[1]> = {}) => {
    const { mailbox } = await openFleetMachine('machine', { url, namespace, ...options })
    runAtEnd(() => mailbox.close())
    return mailbox
  }
  const mailbox = await open()
  const handler = { instance: 'known', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
  for (const name of ['worker', 'other']) await mailbox.register({ ...registrationOf(handler), name })
  const servers = parseServerUrls(url)
  const clock = systemClock
  const connection = await openMailConnection({ servers, name: 'test', clock })
  runAtEnd(() => connection.close())
  const onMissing = () => Promise.resolve()
  const requests = createJetStreamRequests({ connection, servers, clock, deadlineMs: 5_000, onMissing })
  const store = createJetStreamStore(connection.nats, requests)
  const hints = createDeliveryHints({ nats: connection.nats, requests, store, names })
  const put = ({ id, thread, from, to, addsReceiver = false }: Written) => {
    const about = { to, urgency: 'work', kind: 'direct', from, thread, id } as const
    const subject = formatMessageSubject(names.prefix, {
      ...about,
      opens: false,
      addsSender: false,
      addsReceiver,
    })
    const sender = { ...boss, name: from }
    const record = { v: 1, write: id, id, thread, kind: 'direct', from: sender, to, body: id, sentAt: 0 }
    return store.put({ subject, record: { ...record, expectsReply: false } })
  }
  /** The durable consumers of hints. */
  const consumers = async (): Promise<string[]> => {
    const manager = await jetstreamManager(connection.nats)
    const lists = [names.work, names.queues].map((stream) => manager.consumers.list(stream).next())
    return (await Promise.all(lists)).flat().flatMap(({ config }) => config.durable_name ?? [])
  }
  return { open, put, store, hints, names, consumers }
}
