import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkForLeaks, needsNats, startNats, thorough, type NatsServer } from '@subagent-mcp/testkit'
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Command } from '../command.js'
import { atEnd, ending } from './endings.test.support.js'
import { encode } from './envelope.js'
import {
  changeKept,
  copiesIn,
  keptIn,
  makeFolder,
  mergeKept,
  pathIn,
  publishAll,
} from './kept-copy.test.support.js'
import {
  contentsOf,
  openMachine,
  registerCommand,
  sendCommand,
  testNames,
  waitingIn,
  type Machine,
  type MachineOptions,
} from './machines.test.support.js'

describe('a copy in a file', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('is gone on with after a restart: only what is new is read', async () => {
    const [{ url }, folder] = [await server(), makeFolder()]
    const one = await machine(url)
    await fill(one, ['a', 'b', 'c'])
    const first = await machine(url, { folder })
    expect(first.applied).toHaveLength(4)
    await first.close()
    const idle = await machine(url, { folder })
    expect(idle.applied).toHaveLength(0)
    await idle.run(sendCommand('d'))
    await idle.close()
    for (const body of ['e', 'f']) await one.run(sendCommand(body))
    const again = await machine(url, { folder })
    expect(again.applied).toHaveLength(2)
    expect(waitingIn(again)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(contentsOf(again)).toEqual(contentsOf(one))
    expect([...first.logged, ...idle.logged, ...again.logged]).toEqual([])
    expect(statSync(pathIn(folder)).mode & 0o777).toBe(0o600)
  })

  test('knows after a restart which commands it had: a repeat counts once', async () => {
    const [nats, folder] = [await server(), makeFolder()]
    const { raw, manager } = await operator(nats)
    await manager.streams.add({ ...operatorsStream, duplicate_window: 100_000_000 })
    const line = encode({ id: 'same', command: sendCommand('once', 'm') })
    const first = await machine(nats.url, { folder })
    await first.run(registerCommand('i'))
    await jetstream(raw).publish(testNames.subject, line)
    await first.run(sendCommand('then'))
    await first.close()
    await jetstream(raw).publish(testNames.subject, line)
    const again = await machine(nats.url, { folder })
    expect(again.applied).toEqual([])
    expect(waitingIn(again)).toEqual(['once', 'then'])
  })

  test('has all of a moment but a command that it cannot bear, now and after a restart', async () => {
    const [{ url }, folder] = [await server(), makeFolder()]
    const answer = (message: string): Command => {
      const from = { name: 'worker', host: 'here', through: 'agent' } as const
      return { type: 'reply', id: 'same', from, message, body: message }
    }
    const asked = [sendCommand('a', 'm1'), sendCommand('b', 'm2')]
    const others = [answer('m1'), answer('m2'), sendCommand('c', 'm3')]
    await publishAll(url, [registerCommand('i'), ...asked, ...others])
    const one = await machine(url, { folder })
    expect(one.logged).toEqual([expect.stringContaining('line 5 of the mailbox’s log could not be applied')])
    expect(one.applied).toHaveLength(5)
    expect(waitingIn(one)).toEqual(['b', 'c'])
    const seen = contentsOf(one)
    await one.close()
    const again = await machine(url, { folder })
    expect([again.applied, again.logged]).toEqual([[], []])
    expect(contentsOf(again)).toEqual(seen)
    expect(contentsOf(await machine(url))).toEqual(seen)
  })

  describe('is made anew', () => {
    const newer = new TextDecoder().decode(encode({ id: 'n', command: sendCommand('newer') }))
    const changes: Record<string, (folder: string) => void> = {
      'of another format': (folder) => changeKept(folder, 'UPDATE mailCopy SET format = 0'),
      'of another format of the mail': (folder) => changeKept(folder, 'UPDATE mailCopy SET mailFormat = 0'),
      'of a newer version’s mail': (folder) => changeKept(folder, 'UPDATE mailFormat SET format = 1000'),
      'with a line that this version can read now': (folder) =>
        changeKept(folder, `INSERT INTO mailCopyUnread VALUES ('${newer}')`),
      'that is no database': (folder) => replace(folder, () => Buffer.alloc(20_000, 'x')),
      'that is half of one': (folder) => replace(folder, (whole) => whole.subarray(0, 20_000)),
    }
    test.each(Object.entries(changes))('%s', async (_name, change) => {
      const [{ url }, folder] = [await server(), makeFolder()]
      const first = await machine(url, { folder })
      await fill(first, ['a', 'b'])
      await first.close()
      const before = pathIn(folder)
      change(folder)
      const again = await machine(url, { folder })
      expect(again.applied).toHaveLength(3)
      expect(waitingIn(again)).toEqual(['a', 'b'])
      expect(again.logged).toEqual([expect.stringContaining('is made anew from the log')])
      await again.close()
      expect(pathIn(folder)).not.toBe(before)
      expect((await machine(url, { folder })).applied).toHaveLength(0)
    })

    test('for another server, and another namespace', async () => {
      const [{ url }, other, folder] = [await server(), await server(), makeFolder()]
      const first = await machine(url, { folder })
      await fill(first, ['a', 'b'])
      await first.close()
      const there = await machine(other.url, { folder })
      expect(waitingIn(there)).toEqual([])
      expect(there.logged).toEqual([expect.stringContaining('another log')])
      await there.close()
      const named = await machine(other.url, { folder, namespace: 'other' })
      expect(named.logged).toEqual([expect.stringContaining('another log')])
    })

    test('where the servers were set back, and have as many lines again', async () => {
      const [nats, folder] = [await server(), makeFolder()]
      const first = await machine(nats.url, { folder })
      await fill(first, ['a'])
      await first.close()
      await nats.kill()
      cpSync(join(nats.folder, 'store'), join(nats.folder, 'backup'), { recursive: true })
      await nats.start()
      const second = await machine(nats.url, { folder })
      await second.run(sendCommand('lost'))
      await second.close()
      await nats.kill()
      rmSync(join(nats.folder, 'store'), { recursive: true })
      cpSync(join(nats.folder, 'backup'), join(nats.folder, 'store'), { recursive: true })
      await nats.start()
      const other = await machine(nats.url)
      await other.run(sendCommand('b'))
      const again = await machine(nats.url, { folder })
      // Never, not even for a moment, does it answer with what the log no longer has.
      expect(waitingIn(again)).toEqual(['a', 'b'])
      expect(again.replaced()).toBe(1)
      expect(again.logged).toEqual([expect.stringContaining('another one now')])
      expect(contentsOf(again)).toEqual(contentsOf(other))
    })

    test('where the log has lost lines that it did not read, and not where it has lost those that it did', async () => {
      const [nats, folder] = [await server(), makeFolder()]
      const { manager } = await operator(nats)
      await manager.streams.add({ ...operatorsStream, max_msgs: 3 })
      const one = await machine(nats.url)
      await fill(one, ['a'])
      await (await machine(nats.url, { folder })).close()
      for (const body of ['b', 'c', 'd']) await one.run(sendCommand(body))
      const near = await machine(nats.url, { folder })
      expect(near.applied).toHaveLength(3)
      expect(waitingIn(near)).toEqual(['a', 'b', 'c', 'd'])
      await near.close()
      for (let count = 0; count < 4; count++) await one.run(registerCommand('i'))
      const far = await machine(nats.url, { folder })
      expect(far.applied).toHaveLength(3)
      expect(waitingIn(far)).toEqual([])
      expect(far.logged).toEqual([expect.stringContaining('another log')])
    })
  })

  test('needs no line that an operator has removed, nor does a new one', async () => {
    const [nats, folder] = [await server(), makeFolder()]
    const { manager } = await operator(nats)
    const one = await machine(nats.url, { folder })
    await fill(one, ['a', 'b', 'secret'])
    await one.close()
    for (const line of [2, 4]) await manager.streams.deleteMessage(testNames.stream, line)
    const again = await machine(nats.url, { folder })
    expect([again.applied, waitingIn(again)]).toEqual([[], ['a', 'b', 'secret']])
    const fresh = await machine(nats.url)
    expect(waitingIn(fresh)).toEqual(['b'])
  })

  test('is made beside the one that answers, and replaces it', thorough, async () => {
    const [nats, folder] = [await server(), makeFolder()]
    const { manager } = await operator(nats)
    const one = await machine(nats.url, { folder, deadlineMs: 20_000 })
    await fill(one, ['old'])
    const before = pathIn(folder)
    await manager.streams.delete(testNames.stream)
    await fill(one, ['new'])
    expect(waitingIn(one)).toEqual(['new'])
    expect(pathIn(folder)).not.toBe(before)
    await one.close()
    const again = await machine(nats.url, { folder })
    expect(again.applied).toHaveLength(0)
    expect(waitingIn(again)).toEqual(['new'])
  })

  test('is gone on with, however it lies there after a crash in the midst of being made anew', async () => {
    const [{ url }, folder] = [await server(), makeFolder()]
    const one = await machine(url, { folder })
    await fill(one, ['a'])
    await one.close()
    const later = join(folder, `${Date.now() + 1_000}.db`)
    const before = pathIn(folder)
    for (const ending of ['', '-wal']) cpSync(`${before}${ending}`, `${later}${ending}`)
    writeFileSync(join(folder, '6.db-wal'), 'left')
    const again = await machine(url, { folder })
    expect(again.applied).toHaveLength(0)
    await again.close()
    expect(pathIn(folder)).toBe(later)
    expect(readdirSync(folder)).not.toContain('6.db-wal')
  })

  test('is one process’s alone: a second one keeps its own in memory, and says so', async () => {
    const [{ url }, folder] = [await server(), makeFolder()]
    const one = await machine(url, { folder })
    await fill(one, ['a'])
    const second = await machine(url, { folder })
    expect(second.logged).toEqual([expect.stringContaining('another process has')])
    expect(second.applied).toHaveLength(2)
    await second.run(sendCommand('b'))
    await vi.waitFor(() => expect(waitingIn(one)).toEqual(['a', 'b']))
    await second.close()
    await one.close()
    const again = await machine(url, { folder })
    expect(again.applied).toHaveLength(0)
    expect(waitingIn(again)).toEqual(['a', 'b'])
    expect(again.logged).toEqual([])
    expect(copiesIn(folder)).toHaveLength(1)
  })

  test('is in memory where no file can be made', async () => {
    const [{ url }, folder] = [await server(), makeFolder()]
    writeFileSync(join(folder, 'file'), '')
    const one = await machine(url, { folder: join(folder, 'file') })
    await fill(one, ['a'])
    expect(waitingIn(one)).toEqual(['a'])
    expect(one.logged).toEqual([expect.stringContaining('in memory')])
  })

  test('has the rows of one that was never closed', async () => {
    const [{ url }, folder, whole] = [await server(), makeFolder(), makeFolder()]
    for (const body of ['a', 'b', 'c']) {
      const one = await machine(url, { folder })
      await fill(one, [body])
      await one.close()
    }
    await (await machine(url, { folder: whole })).close()
    expect(keptIn(folder)).toEqual(keptIn(whole))
  })
})

/** Another file, with nothing beside it. */
function replace(folder: string, by: (whole: Buffer) => Buffer): void {
  mergeKept(folder)
  const path = pathIn(folder)
  const whole = readFileSync(path)
  for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
  writeFileSync(path, by(whole))
}

async function fill(one: Machine, bodies: readonly string[]): Promise<void> {
  await one.run(registerCommand('i'))
  for (const body of bodies) await one.run(sendCommand(body))
}

async function server(): Promise<NatsServer> {
  const nats = await startNats()
  atEnd(() => nats.end())
  return nats
}

async function machine(url: string, options: MachineOptions = {}): Promise<Machine> {
  const opened = await openMachine(url, options)
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= opened.close())
  atEnd(close)
  return { ...opened, close }
}

/** Who has a hand in the servers besides us. */
async function operator({ url }: NatsServer): Promise<{ raw: NatsConnection; manager: JetStreamManager }> {
  const raw = await connect({ servers: url.replace('nats://', '') })
  atEnd(() => raw.close())
  return { raw, manager: await jetstreamManager(raw) }
}

const operatorsStream = { name: testNames.stream, subjects: [testNames.subject] }
