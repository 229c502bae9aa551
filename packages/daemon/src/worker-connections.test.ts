import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { launchBody, startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'
import type { ConnectWorkerBody } from '@subagent-mcp/api'
import type { OpenWorkerConnection } from '@subagent-mcp/client'

const never = new AbortController().signal

function worker({ folder }: ManualDaemon, given: Partial<ConnectWorkerBody> = {}): ConnectWorkerBody {
  return {
    ...{ name: 'api', capabilities: ['code'], topics: ['ci.*'], wakes: 'high' },
    ...{ cwd: folder, environment: { API_KEY: 'sk' }, pid: process.pid, startTime: '-' },
    ...given,
  }
}

/** Launches an agent of the worker, and opens its session, which can be resumed. */
async function launched(
  { client, driver }: ManualDaemon,
  { instance }: OpenWorkerConnection,
): Promise<string> {
  const { agent } = await client.launch({ ...launchBody, attendance: instance })
  const session = driver.sessions.at(-1)
  await session?.open()
  session?.sink({ type: 'session-identified', sessionId: 's1' })
  return agent.id
}

describe('a connected worker', () => {
  test('handles the messages of its agent, is listed, and leaves when its request closes', async () => {
    const daemon = await startManualDaemon()
    const { client, server, mailbox, visits, folder } = daemon
    const held = await client.attend(worker(daemon, { provider: 'claude' }), never)
    const { instance } = held
    expect(held).toMatchObject({ name: 'api', project: folder })
    expect(await client.attendances()).toEqual([
      { instance, name: 'api', project: folder, pid: process.pid, cwd: folder, since: 1_000_000 },
    ])
    expect(await client.health()).toMatchObject({ workers: 1, connections: 1 })
    const handler = { instance, kind: 'worker', pid: process.pid, startTime: '-', host: 'box' }
    expect(await mailbox.agents()).toMatchObject([
      { name: 'api', project: folder, provider: 'claude', topics: ['ci.*'], handlers: [handler] },
    ])
    expect(await client.stop({ unlessUsed: true })).toEqual({ stops: false })
    held.leave()
    await held.ended
    await pollUntil(() => server.connections() === 0 && visits[0]?.left === 1)
    expect(await client.attendances()).toEqual([])
    expect(await mailbox.agents()).toMatchObject([{ name: 'api', handlers: [] }])
  })

  test('releases its messages when it leaves, as a failed try', async () => {
    const daemon = await startManualDaemon()
    const { client, mailbox } = daemon
    const held = await client.attend(worker(daemon), never)
    await mailbox.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body: 'hi' })
    const ask = { agent: 'api', leaseMs: 60_000, waitMs: 0 }
    expect(await client.mail.next({ ...ask, instance: held.instance }, never)).toBeDefined()
    expect(await client.mail.next({ ...ask, instance: 'other' }, never)).toBeUndefined()
    held.leave()
    const batch = await client.mail.next({ ...ask, instance: 'other', waitMs: 10_000 }, never)
    expect(batch?.messages).toMatchObject([{ body: 'hi', tries: 1 }])
  })

  test('keeps its instance when it reconnects to a new daemon', async () => {
    const daemon = await startManualDaemon()
    const { client, mailbox, folder } = daemon
    const handler = {
      instance: 'before',
      kind: 'worker',
      pid: process.pid,
      startTime: '-',
      host: 'box',
    } as const
    const known = { name: 'api', project: folder, capabilities: [], topics: [], wakes: 'high' } as const
    await mailbox.register({ ...known, handler })
    await mailbox.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body: 'hi' })
    const ask = { agent: 'api', instance: 'before', leaseMs: 60_000, waitMs: 0 }
    expect(await mailbox.next(ask, never)).toBeDefined()
    expect(await client.attend(worker(daemon, { instance: 'before' }), never)).toMatchObject({
      instance: 'before',
    })
    expect((await mailbox.agents()).map(({ handlers }) => handlers.length)).toEqual([1, 0])
    expect((await client.mail.next(ask, never))?.messages).toMatchObject([{ body: 'hi', tries: 0 }])
    const other = await client.attend(worker(daemon, { instance: 'before' }), never)
    expect(other.instance).not.toBe('before')
  })

  test('leaves when its process is killed', async () => {
    const daemon = await startManualDaemon()
    const { client, server, mailbox, socketPath } = daemon
    const child = spawn(process.execPath, ['-e', holdScript, socketPath, JSON.stringify(worker(daemon))])
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    expect(await client.attendances()).toMatchObject([{ name: 'api' }])
    child.kill('SIGKILL')
    await pollUntil(() => server.connections() === 0)
    expect(await client.attendances()).toEqual([])
    await expect.poll(async () => (await mailbox.agents())[0]?.handlers).toEqual([])
  })
})

describe('the agents of a worker', () => {
  test('end with it, and continue with the next worker', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor, driver } = daemon
    const first = await client.attend(worker(daemon), never)
    const id = await launched(daemon, first)
    first.leave()
    await pollUntil(() => !supervisor.state().open.has(id))
    expect(await client.agent(id)).toMatchObject({ agent: { status: 'interrupted', takesMessages: true } })

    const next = await client.attend(worker(daemon), never)
    const message = { text: 'go on', attendance: next.instance, cwd: '/p', environment: {} }
    expect(await client.send(id, message)).toMatchObject({ outcome: 'resumed' })
    await driver.sessions.at(-1)?.open()
    next.leave()
    await pollUntil(() => !supervisor.state().open.has(id))
    expect(driver.sessions).toHaveLength(2)
  })

  test('are only those of its own connection', async () => {
    const daemon = await startManualDaemon()
    const { client, supervisor, server } = daemon
    const other = await daemon.launched()
    const held = await client.attend(worker(daemon), never)
    held.leave()
    await pollUntil(() => server.connections() === 0)
    expect(supervisor.state().open.has(other.id)).toBe(true)
  })

  test('need a worker that is connected', async () => {
    const daemon = await startManualDaemon()
    const unknown = daemon.client.launch({ ...launchBody, attendance: 'gone' })
    await expect(unknown).rejects.toMatchObject({ code: 'invalid-parameter' })
    const { id } = await daemon.launched()
    const message = { text: 'x', attendance: 'gone', cwd: '/p', environment: {} }
    await expect(daemon.client.send(id, message)).rejects.toMatchObject({ code: 'invalid-parameter' })
  })
})

describe('the folder of workers', () => {
  test('takes one process at a time, by whatever path; the same process may connect again', async () => {
    const daemon = await startManualDaemon()
    const { client, folder, visits, server } = daemon
    const held = await client.attend(worker(daemon), never)
    const link = join(folder, 'link')
    await symlink(folder, link)
    const second = client.attend(worker(daemon, { name: 'b', cwd: link, pid: 4242 }), never)
    await expect(second).rejects.toMatchObject({
      code: 'already-running',
      message: `worker 'api' (pid ${process.pid}) is at work in ${folder} since 1970-01-01T00:16:40.000Z`,
    })
    const replica = await client.attend(worker(daemon), never)
    expect(replica.instance).not.toBe(held.instance)
    await mkdir(join(folder, 'other'))
    const elsewhere = { name: 'b', cwd: join(folder, 'other'), pid: 4242 }
    const { instance } = await client.attend(worker(daemon, elsewhere), never)
    expect((await client.attendances()).map((each) => each.instance)).toEqual([
      held.instance,
      replica.instance,
      instance,
    ])
    for (const each of [held, replica]) each.leave()
    await pollUntil(() => server.connections() === 1)
    await client.attend(worker(daemon, { pid: 4242 }), never)
    expect(visits.map(({ left }) => left)).toEqual([1, 1, 1, 0, 0].toSorted((one, other) => other - one))
  })

  test('goes to one of two processes that connect in parallel', async () => {
    const daemon = await startManualDaemon()
    const both = [1, 2].map((pid) => daemon.client.attend(worker(daemon, { pid }), never))
    const ends = await Promise.allSettled(both)
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

test('a name that another project has is refused, and the worker is not registered', async () => {
  const daemon = await startManualDaemon()
  const { client, folder, visits } = daemon
  await client.attend(worker(daemon), never)
  await mkdir(join(folder, 'other'))
  const other = client.attend(worker(daemon, { cwd: join(folder, 'other'), project: '/other' }), never)
  await expect(other).rejects.toMatchObject({ code: 'name-taken' })
  expect(await client.attendances()).toHaveLength(1)
  expect(visits.map(({ left }) => left)).toEqual([0, 1])
})

test('when the daemon ends, workers are disconnected first and new ones are refused', async () => {
  const daemon = await startManualDaemon()
  const { client, server, mailbox } = daemon
  const held = await client.attend(worker(daemon), never)
  await mailbox.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body: 'hi' })
  const ask = { agent: 'api', instance: held.instance, leaseMs: 60_000, waitMs: 0 }
  expect(await client.mail.next(ask, never)).toBeDefined()
  await server.closeWorkerConnections()
  await held.ended
  expect(await mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
  expect(await mailbox.agents()).toMatchObject([{ name: 'api', handlers: [] }, { name: 'me' }])
  await expect(client.attend(worker(daemon), never)).rejects.toMatchObject({ code: 'at-capacity' })
})

/** A program that connects as a worker, prints `there`, and stays connected. */
const holdScript = `
const [socketPath, body] = process.argv.slice(1)
const headers = { 'content-type': 'application/json' }
require('node:http').request({ socketPath, method: 'POST', path: '/v1/attendances', headers }, (response) => {
  response.once('data', () => console.log('there'))
}).end(body)
`
