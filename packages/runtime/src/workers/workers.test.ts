import { openMemoryMailbox, type Mailbox, type MailboxMessage } from '@subagent-mcp/mailbox'
import { createManualDriver, type ManualDriver, type ManualSession } from '@subagent-mcp/testkit'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRuntime, type Runtime } from '../create-runtime.js'
import type { StartWorkerOptions } from './create-workers.js'

let folder: string
let driver: ManualDriver
let mailbox: Mailbox
let runtime: Runtime
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'workers-')))
  for (const name of ['api', 'docs']) mkdirSync(join(folder, name))
  driver = createManualDriver()
  mailbox = openMemoryMailbox()
  runtime = createRuntime({ drivers: [driver], mailbox, workers: { folder: join(folder, 'workers') } })
})
afterEach(async () => {
  await runtime.close()
  rmSync(folder, { recursive: true })
})

const start = (options: StartWorkerOptions = {}) =>
  runtime.workers.start({ folder: join(folder, 'api'), provider: 'claude', ...options })

async function send(body: string, to = 'api'): Promise<MailboxMessage> {
  const from = { name: 'me', host: 'box', through: 'http' } as const
  // The worker registers its name as soon as it asks for messages.
  await expect.poll(async () => (await mailbox.agents()).map(({ name }) => name)).toContain(to)
  return (await mailbox.send({ from, to, body })).message
}

async function repliesTo({ thread, id }: MailboxMessage): Promise<string[]> {
  return (await mailbox.thread(thread)).filter(({ replyTo }) => replyTo === id).map(({ body }) => body)
}

/** Waits for the nth session, and opens it. */
async function opened(nth: number): Promise<ManualSession> {
  await expect.poll(() => driver.sessions.length).toBe(nth)
  const session = driver.sessions[nth - 1]
  if (!session) throw new Error('no session')
  await session.open()
  session.sink({ type: 'session-identified', sessionId: `s-${nth}` })
  return session
}

async function prompted({ sent }: ManualSession, count: number): Promise<void> {
  await expect.poll(() => sent.filter(({ type }) => type === 'prompt').length).toBe(count)
}

describe('a worker', () => {
  test('answers each message in one session, and ends with its agents, which can be resumed', async () => {
    const worker = await start()
    expect(worker).toMatchObject({ name: 'api', folder: join(folder, 'api') })
    const first = await send('hello')
    const session = await opened(1)
    session.finish('one')
    await expect.poll(() => repliesTo(first)).toEqual(['one'])
    expect(worker.view()).toMatchObject({ status: 'running', restarts: 0 })
    const second = await send('again')
    await prompted(session, 2)
    session.finish('two')
    await expect.poll(() => repliesTo(second)).toEqual(['two'])
    expect(runtime.isBusy()).toBe(true)

    await worker.stop()
    expect(await worker.ended).toEqual([{ type: 'stopped' }])
    expect(session.closed()).toBe('graceful')
    expect(runtime.workers.list()).toEqual([])
    expect((await mailbox.agents()).find(({ name }) => name === 'api')?.handlers).toEqual([])
    expect(readFileSync(join(folder, 'workers', 'api.log'), 'utf8')).toMatch(/ turn ended .*\n.* stopped\n$/s)

    // The next run of the worker goes on with its session.
    const next = await start()
    await send('third')
    const resumed = await opened(2)
    expect(resumed.spec.resumeSessionId).toBe('s-1')
    await next.end()
  })

  test('reports what it does', async () => {
    const events: string[] = []
    const worker = await start({
      onEvent: (event) => events.push(event.type === 'line' ? event.line.type : event.status.type),
    })
    const message = await send('hello')
    ;(await opened(1)).finish('one')
    await expect.poll(() => repliesTo(message)).toEqual(['one'])
    await worker.stop()
    expect(events).toEqual(['started', 'waiting', 'working', 'turn', 'waiting', 'stopped'])
  })

  test('takes messages once', async () => {
    const [idle] = await (await start({ once: true, pollMs: 100 })).ended
    expect(idle).toEqual({ type: 'once', result: 'nothing' })
    const message = await send('hello')
    const worker = await start({ once: true, pollMs: 5_000 })
    ;(await opened(1)).finish('one')
    expect(await worker.ended).toEqual([{ type: 'once', result: 'handled' }])
    expect(await repliesTo(message)).toEqual(['one'])
  })

  test('of several replicas has a loop and a session for each', async () => {
    const worker = await start({ replicas: 2 })
    const sent = [await send('one'), await send('two')]
    await expect.poll(() => driver.sessions.length).toBe(2)
    for (const session of driver.sessions) {
      await session.open()
      session.finish('done')
    }
    for (const message of sent) await expect.poll(() => repliesTo(message)).toEqual(['done'])
    await worker.stop()
    expect(await worker.ended).toHaveLength(2)
  })

  test('that is ended in a turn releases its message, as no failed try', async () => {
    const worker = await start()
    const message = await send('hello')
    const session = await opened(1)
    await worker.end()
    expect(session.closed()).toBe('graceful')
    expect(await mailbox.inbox('api')).toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
  })

  test('ends with the runtime, which then starts no other one', async () => {
    const worker = await start()
    await runtime.workers.close()
    expect(await worker.ended).toEqual([{ type: 'stopped' }])
    expect(runtime.workers.isClosing()).toBe(true)
    await expect(start()).rejects.toMatchObject({ code: 'at-capacity' })
  })
})

describe('the start of a worker', () => {
  test('is refused while another one has the name or the folder, by whatever path', async () => {
    await start()
    symlinkSync(join(folder, 'api'), join(folder, 'link'))
    const taken = { code: 'already-running', message: containing("worker 'api' is at work in") }
    await expect(start()).rejects.toMatchObject(taken)
    await expect(start({ folder: join(folder, 'docs'), name: 'api' })).rejects.toMatchObject(taken)
    await expect(start({ folder: join(folder, 'link'), name: 'b' })).rejects.toMatchObject(taken)
    await expect(runtime.workers.check({ folder: join(folder, 'link'), name: 'b' })).rejects.toMatchObject(
      taken,
    )
    expect(await runtime.workers.check({ folder: join(folder, 'docs') })).toBe('docs')
  })

  test('goes to one of two that start in parallel', async () => {
    const starts = await Promise.allSettled([start(), start()])
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test.each([false, true])('in one folder goes to one of two with other names, kept: %s', async (isKept) => {
    const starts = await Promise.allSettled([start({ name: 'one', isKept }), start({ name: 'two', isKept })])
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const [worker] = runtime.workers.list()
    await expect.poll(() => worker?.view().status).toBe('running')
  })

  test.each<[StartWorkerOptions, string]>([
    [{ name: 'Docs' }, 'invalid-parameter'],
    [{ allowedTools: ['nothing'] }, 'invalid-parameter'],
    [{ mcpConfig: 'missing.json' }, 'config-unreadable'],
    [{ folder: '/nowhere/at/all' }, 'cwd-missing'],
  ])('is refused for %j', async (options, code) => {
    await expect(start(options)).rejects.toMatchObject({ code })
    expect(runtime.workers.list()).toEqual([])
  })

  test('ends by an error where another project has the name', async () => {
    const handler = { instance: 'x', kind: 'worker', pid: 1, startTime: '-', host: 'elsewhere' } as const
    const known = { name: 'api', project: '/other', capabilities: [], topics: [], wakes: 'high' } as const
    await mailbox.register({ ...known, handler })
    await expect((await start()).ended).rejects.toMatchObject({ code: 'name-taken' })
  })
})

test('a worker whose loops fail is started again, and given up after too many failures', async () => {
  const place = join(folder, 'later')
  const events: string[] = []
  const worker = await start({
    ...{ folder: place, isKept: true, restarts: { max: 1, withinMs: 60_000 } },
    onEvent: (event) => events.push(event.type === 'line' ? JSON.stringify(event.line) : ''),
  })
  await expect.poll(() => worker.view().status).toBe('restarting')
  expect(worker.view()).toMatchObject({ restarts: 1, lastError: containing('does not exist') })
  expect(events[0]).toContain('the worker failed, and restarts in 1 s: cwd ')
  expect(readFileSync(join(folder, 'workers', 'later.log'), 'utf8')).toContain(
    'the worker failed, and restarts',
  )
  mkdirSync(place)
  await expect.poll(() => worker.view().status).toBe('running')
  await worker.stop()

  rmSync(place, { recursive: true })
  const failing = await start({ folder: place, isKept: true, restarts: { max: 0, withinMs: 60_000 } })
  await expect(failing.ended).rejects.toMatchObject({ code: 'cwd-missing' })
  expect(failing.view()).toMatchObject({ status: 'given-up' })
})

test('an unexpected error of a worker is its own: the worker is started again, and the runtime goes on', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const own = createManualDriver()
  const other = createRuntime({ drivers: [own], workers: { folder: join(file, 'workers') } })
  const worker = await other.workers.start({ folder: join(folder, 'docs'), provider: 'claude' })
  await expect.poll(() => worker.view().status).toBe('restarting')
  expect(worker.view().lastError).toContain('ENOTDIR')
  const agent = await other.launch({ prompt: 'x', provider: 'claude', cwd: folder })
  await own.sessions[0]?.open()
  own.sessions[0]?.finish('done')
  expect((await agent.result()).text).toBe('done')
  await worker.stop()
  await other.close()
})

/** A typed `expect.stringContaining`. */
function containing(text: string): unknown {
  return expect.stringContaining(text)
}
