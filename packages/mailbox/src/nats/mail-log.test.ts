import { randomUUID } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkForLeaks, needsNats, startNats, thorough, type NatsServer } from '@subagent-mcp/testkit'
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encode } from './envelope.js'
import {
  contentsOf,
  openMachine,
  registerCommand,
  sendCommand,
  takeCommand,
  testNames,
  waitingIn,
  type Machine,
} from './machines.test.support.js'
import { startProxy } from './proxy.test.support.js'
import { atEnd, ending } from './endings.test.support.js'

describe('the log of commands, on one server', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('two machines have one mailbox, and the one that comes later reads what was', async () => {
    const { url } = await server()
    const one = await machine(url)
    await one.run(registerCommand('i'))
    for (const body of ['a', 'b', 'c']) await one.run(sendCommand(body))
    const other = await machine(url)
    expect(waitingIn(other)).toEqual(['a', 'b', 'c'])
    await other.run(sendCommand('d'))
    await vi.waitFor(() => expect(waitingIn(one)).toEqual(['a', 'b', 'c', 'd']))
    expect(contentsOf(one)).toEqual(contentsOf(other))
  })

  test('of two machines that take at once, one has each message', async () => {
    const { url } = await server()
    const [one, other] = [await machine(url), await machine(url)]
    await one.run(registerCommand('i'))
    await other.run(registerCommand('j'))
    const bodies = Array.from({ length: 40 }, (_, index) => String(index))
    await Promise.all(bodies.map((body) => one.run(sendCommand(body))))
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => [one.run(takeCommand('i')), other.run(takeCommand('j'))]).flat(),
    )
    // What an instance held goes back with its next take: of each, the last one counts.
    await vi.waitFor(() => expect(contentsOf(one)).toEqual(contentsOf(other)))
    expect(outcomes.map(({ type }) => type)).toContain('taken')
    expect(
      one
        .state()
        .inbox('worker')
        .every(({ tries }) => tries === 0),
    ).toBe(true)
  })

  test('a command whose acknowledgement is lost counts once', async () => {
    const nats = await server()
    const proxy = await startProxy(nats.url)
    atEnd(() => proxy.end())
    const [one, other] = [await machine(proxy.url), await machine(nats.url)]
    await one.run(registerCommand('i'))
    proxy.mute()
    const sending = one.run(sendCommand('once'))
    await vi.waitFor(() => expect(waitingIn(other)).toEqual(['once']))
    proxy.cut()
    proxy.mend()
    expect((await sending).type).toBe('sent')
    expect(waitingIn(one)).toEqual(['once'])
    expect(contentsOf(one)).toEqual(contentsOf(other))
  })

  test('a repeat that the server does not know any more counts once too', async () => {
    const nats = await server()
    const { raw, manager } = await operator(nats)
    await manager.streams.add({ ...operatorsStream, duplicate_window: nanos(100) })
    const one = await machine(nats.url)
    await one.run(registerCommand('i'))
    const line = encode({ id: randomUUID(), command: sendCommand('once', 'm') })
    for (const _ of [1, 2]) await jetstream(raw).publish(testNames.subject, line)
    await one.run(sendCommand('then'))
    expect(waitingIn(one)).toEqual(['once', 'then'])
    expect(one.applied).toHaveLength(3)
  })

  test('lines that are no commands are passed over, and told once', async () => {
    const nats = await server()
    const { raw } = await operator(nats)
    const one = await machine(nats.url)
    await one.run(registerCommand('i'))
    const newer = JSON.stringify({ v: 1, id: 'x', command: { type: 'of-tomorrow' } })
    for (const line of ['no JSON', newer]) await jetstream(raw).publish(testNames.subject, line)
    await one.run(sendCommand('after'))
    expect(waitingIn(one)).toEqual(['after'])
    expect(one.logged).toEqual([expect.stringContaining('cannot be read')])
  })

  test(
    'over a restart of the server nothing is lost, and what was asked meanwhile is done',
    thorough,
    async () => {
      const nats = await server()
      const [one, other] = [await machine(nats.url), await machine(nats.url)]
      await one.run(registerCommand('i'))
      await one.run(sendCommand('before'))
      await nats.kill()
      await vi.waitFor(() => expect(one.problem()).toContain('no connection'))
      expect(waitingIn(one)).toEqual(['before'])
      const sending = one.run(sendCommand('meanwhile'))
      await nats.start()
      expect((await sending).type).toBe('sent')
      await vi.waitFor(() => expect(waitingIn(other)).toEqual(['before', 'meanwhile']), 10_000)
      expect(one.problem()).toBeUndefined()
      expect(contentsOf(one)).toEqual(contentsOf(other))
    },
  )

  test('servers that were set back to a backup are read anew', thorough, async () => {
    const nats = await server()
    const one = await machine(nats.url)
    await one.run(registerCommand('i'))
    await nats.kill()
    cpSync(join(nats.folder, 'store'), join(nats.folder, 'backup'), { recursive: true })
    await nats.start()
    for (const body of ['lost', 'as well']) await one.run(sendCommand(body))
    await nats.kill()
    rmSync(join(nats.folder, 'store'), { recursive: true })
    cpSync(join(nats.folder, 'backup'), join(nats.folder, 'store'), { recursive: true })
    await nats.start()
    const other = await machine(nats.url)
    for (const body of ['a', 'b', 'c']) await other.run(sendCommand(body))
    await vi.waitFor(() => expect(waitingIn(one)).toEqual(['a', 'b', 'c']), 10_000)
    expect(one.replaced()).toBe(2)
    expect(contentsOf(one)).toEqual(contentsOf(other))
  })

  test('a machine that was away for longer than the log goes back reads what is left', async () => {
    const nats = await server()
    const { manager } = await operator(nats)
    await manager.streams.add({ ...operatorsStream, max_msgs: 3 })
    const proxy = await startProxy(nats.url)
    atEnd(() => proxy.end())
    const [one, away] = [await machine(nats.url), await machine(proxy.url)]
    await one.run(registerCommand('i'))
    await vi.waitFor(() => expect(away.state().agents()).toHaveLength(1))
    proxy.cut()
    for (let count = 0; count < 9; count++) await one.run(sendCommand('old'))
    await one.run(registerCommand('i'))
    for (const body of ['y', 'z']) await one.run(sendCommand(body))
    proxy.mend()
    await vi.waitFor(() => expect(waitingIn(away)).toEqual(['y', 'z']), 10_000)
    expect(away.replaced()).toBe(2)
  })

  test('a stream that was removed is made anew, and the mailbox is empty', thorough, async () => {
    const nats = await server()
    const { manager } = await operator(nats)
    const one = await machine(nats.url, { deadlineMs: 20_000 })
    await one.run(registerCommand('i'))
    await one.run(sendCommand('old'))
    await manager.streams.delete(testNames.stream)
    expect((await one.run(registerCommand('i'))).type).toBe('done')
    expect(waitingIn(one)).toEqual([])
  })
})

async function server(): Promise<NatsServer> {
  const nats = await startNats()
  atEnd(() => nats.end())
  return nats
}

async function machine(url: string, options: { deadlineMs?: number } = {}): Promise<Machine> {
  const opened = await openMachine(url, options)
  atEnd(() => opened.close())
  return opened
}

/** Who has a hand in the servers besides us. */
async function operator({ url }: NatsServer): Promise<{ raw: NatsConnection; manager: JetStreamManager }> {
  const raw = await connect({ servers: url.replace('nats://', '') })
  atEnd(() => raw.close())
  return { raw, manager: await jetstreamManager(raw) }
}

const operatorsStream = { name: testNames.stream, subjects: [testNames.subject] }
