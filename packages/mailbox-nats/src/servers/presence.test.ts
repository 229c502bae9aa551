import { systemClock } from '@subagent-mcp/contract'
import { checkForLeaks, createManualClock, needsNats, startNats } from '@subagent-mcp/testkit'
import { jetstream } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openMailConnection, type MailConnection } from './connection.js'
import { runAtEnd, ending } from '../run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from '../fleet.test.support.js'
import { startMailboxPresence, type MailboxPresence } from './presence.js'
import { startProxy } from '../proxy.test.support.js'
import { parseServerUrls } from './server-urls.js'

describe('presence', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('a mailbox of which nothing is heard for its time is gone, one that beats is not', async () => {
    const { url } = await server()
    const [one, other, dying] = [await open(url, 'one'), await open(url, 'other'), await open(url, 'dying')]
    await dying.connection.close()
    for (let beats = 1; beats <= 4; beats++) {
      expect(one.presence.isGone('dying')).toBe(false)
      await Promise.all([one.beat(), other.beat()])
    }
    expect(['one', 'other', 'dying', 'never-heard'].map(one.presence.isGone)).toEqual([
      false,
      false,
      true,
      true,
    ])
    expect(await keysIn(one.connection)).toHaveLength(3)
    await other.presence.close()
    expect(await keysIn(one.connection)).toHaveLength(2)
  })

  test('who was cut off calls nobody gone until it has listened for long enough', async () => {
    const { url } = await server()
    const proxy = await startProxy(url)
    runAtEnd(() => proxy.end())
    const [away, other] = [await open(proxy.url, 'away'), await open(url, 'other')]
    proxy.cut()
    await vi.waitFor(() => expect(away.connection.since()).toBeUndefined())
    for (let beats = 1; beats <= 6; beats++) await Promise.all([away.beat(), other.beat()])
    expect(away.presence.isGone('other')).toBe(false)
    expect(other.presence.isGone('away')).toBe(true)
    proxy.mend()
    await vi.waitFor(() => expect(away.connection.since()).toBeDefined(), 10_000)
    await other.beat()
    expect(away.presence.isGone('other')).toBe(false)
    await vi.waitFor(() => expect(other.presence.isGone('away')).toBe(false))
  })

  test('a machine that slept calls nobody gone of whom it could not hear', async () => {
    const { url } = await server()
    const [sleeper, other] = [await open(url, 'sleeper'), await open(url, 'other')]
    for (let beats = 1; beats <= 4; beats++) await Promise.all([sleeper.beat(), other.beat()])
    expect(sleeper.presence.isGone('never-heard')).toBe(true)
    sleeper.sleep(3_600_000)
    expect(sleeper.presence.isGone('other')).toBe(false)
    await sleeper.beat()
    expect(sleeper.presence.isGone('other')).toBe(false)
  })

  test('where the bucket cannot be written, leases of others end nevertheless', async () => {
    const user = '{ user: a, password: b, permissions: { publish: { deny: "$KV.>" } } }'
    const { url } = await server(`accounts { A { jetstream: enabled, users: [ ${user} ] } }`)
    const signedIn = { url: url.replace('nats://', 'nats://a:b@') }
    const [holder, other] = [
      await openFleetMachine('holder', signedIn),
      await openFleetMachine('other', signedIn),
    ]
    runAtEnd(() => holder.mailbox.close())
    runAtEnd(() => other.mailbox.close())
    expect(other.logged.join()).toContain('could not write its beat')
    await holder.mailbox.register(registrationOf(worker))
    await holder.mailbox.send({ from: boss, to: 'worker', body: 'held' })
    const options = { agent: 'worker', leaseMs: 500, waitMs: 10_000 }
    const never = new AbortController().signal
    expect(await holder.mailbox.next({ ...options, instance: 'holder' }, never)).toBeDefined()
    expect(await other.mailbox.next({ ...options, instance: 'other' }, never)).toMatchObject({
      messages: [{ body: 'held', tries: 1 }],
    })
  })

  test('a handler that others took for gone, and is not, is known again', async () => {
    const { url } = await server()
    const [one, other] = [await openFleetMachine('one', { url }), await openFleetMachine('other', { url })]
    runAtEnd(() => one.mailbox.close())
    runAtEnd(() => other.mailbox.close())
    const order = registrationOf(worker)
    await one.mailbox.register(order)
    const lost = vi.fn()
    other.mailbox.onChange(lost)
    await other.mailbox.leave('i')
    expect(lost).toHaveBeenCalled()
    await vi.waitFor(async () => expect((await other.mailbox.agents())[0]?.handlers).toEqual([worker]))
    await one.mailbox.close()
    await vi.waitFor(async () => expect((await other.mailbox.agents())[0]?.handlers).toEqual([]))
  })
})

const worker = { instance: 'i', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const

type Opened = {
  presence: MailboxPresence
  connection: MailConnection
  beat(): Promise<void>
  /** The clock goes on, and no timer comes. */
  sleep(milliseconds: number): void
}

async function open(url: string, keeper: string): Promise<Opened> {
  const own = createManualClock()
  let slept = 0
  const clock = { ...own, now: () => own.now() + slept }
  const connection = await openMailConnection({
    servers: parseServerUrls(url),
    name: keeper,
    clock: { ...clock, after: systemClock.after },
  })
  runAtEnd(() => connection.close())
  let beats = 0
  const presence = startMailboxPresence({
    ...{ connection, bucket: 'TEST', keeper, host: 'here', replicas: 1, clock },
    serverTime: () => Promise.resolve(clock.now()),
    onBeat: () => beats++,
    onFailure: () => undefined,
  })
  runAtEnd(() => presence.close())
  await vi.waitFor(() => expect(beats).toBe(1), 5_000)
  const beat = async (): Promise<void> => {
    const before = beats
    own.advance(10_000)
    await vi.waitFor(() => expect(beats).toBeGreaterThan(before), 5_000)
  }
  const sleep = (milliseconds: number): void => {
    slept += milliseconds
  }
  return { presence, connection, beat, sleep }
}

async function keysIn({ nats }: MailConnection): Promise<string[]> {
  const bucket = await new Kvm(jetstream(nats)).open('TEST')
  const keys: string[] = []
  for await (const key of await bucket.keys()) keys.push(key)
  return keys
}

async function server(more = ''): Promise<{ url: string }> {
  const nats = await startNats(more)
  runAtEnd(() => nats.end())
  return nats
}
