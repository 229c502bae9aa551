import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { pidScope, startTimeOf } from '@subagent-mcp/driver-kit'
import { openMemoryMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { createRuntime, type Runtime } from '@subagent-mcp/runtime'
import { createManualDriver, type ManualDriver } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startDaemonServer } from './server/start-daemon-server.js'
import { openKeptWorkers, type KeptWorkersParts } from './workers/kept-workers.js'

const never = new AbortController().signal
const environment = { API_KEY: 'sk-do-not-tell' }

type TestDaemon = {
  folder: string
  driver: ManualDriver
  mailbox: Mailbox
  runtime: Runtime
  client: DaemonClient
  kept: ReturnType<typeof openKeptWorkers>
  /** Whether the next daemon must be started if this one is killed. */
  isUp(): boolean
  /** Ends the daemon, as a stop does. */
  close(): Promise<void>
}

/** Starts the server of a daemon over a real runtime, whose sessions the test controls. */
async function startDaemon(
  given?: string,
  owner: Partial<KeptWorkersParts['owner']> = {},
): Promise<TestDaemon> {
  const folder = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'worker-routes-')))
  for (const name of ['api', 'docs']) mkdirSync(join(folder, name), { recursive: true })
  const [driver, mailbox] = [createManualDriver(), openMemoryMailbox()]
  const runtime = createRuntime({ drivers: [driver], mailbox, workers: { folder: join(folder, 'workers') } })
  let isUp = false
  const kept = openKeptWorkers({
    ...{ workers: runtime.workers, path: join(folder, 'fleet.json'), environment: {}, now: Date.now },
    owner: { ...ownerOf(process.pid), ...owner },
    keyNames: (variables) => Object.keys(variables).filter((name) => name.endsWith('_KEY')),
    commandOf: (version, words) => `subagent-mcp@${version} ${words}`,
    onChange: (is) => (isUp = is),
    log: () => undefined,
  })
  const socketPath = join(folder, `${Math.random()}.sock`)
  const port = { ...runtime, kept, version: '1.2.3', environment: {} }
  const server = await startDaemonServer(
    { ...port, stop: () => undefined, log: () => undefined },
    { socketPath },
  )
  const client = connectDaemon({ socketPath })
  const close = async (): Promise<void> => {
    kept.letGo()
    await runtime.workers.close()
    await runtime.close()
    await server.close()
  }
  onTestFinished(async () => {
    await close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, driver, mailbox, runtime, client, kept, isUp: () => isUp, close }
}

const ownerOf = (pid: number) => ({
  ...{ pid, startTime: startTimeOf(pid) ?? '-', place: pidScope(), version: '1.2.3' },
})

const body = ({ folder }: TestDaemon, name = 'api') => ({
  ...{ name, folder: join(folder, name), provider: 'claude', environment, pid: process.pid },
})

/** Runs a worker until its events end. Returns its events as text, and its end. */
async function collect(events: ReturnType<DaemonClient['runWorker']>) {
  const texts: string[] = []
  for (;;) {
    const next = await events.next()
    if (next.done === true) return { texts, ends: next.value }
    texts.push(next.value.text)
  }
}

describe('a worker of a request', () => {
  test('answers, is listed and counted, and ends when it is stopped', async () => {
    const daemon = await startDaemon()
    const { client, mailbox, driver } = daemon
    const running = collect(client.runWorker(body(daemon), never))
    await expect.poll(() => client.workers()).toMatchObject([{ name: 'api', status: 'running', kept: false }])
    expect(await client.health()).toMatchObject({ workers: 1 })
    expect(await client.stop({ unlessUsed: true })).toEqual({ stops: false })
    await mailbox.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body: 'hi' })
    await expect.poll(() => driver.sessions.length).toBe(1)
    await driver.sessions[0]?.open()
    driver.sessions[0]?.finish('hello')
    await expect.poll(async () => (await mailbox.inbox('me')).map((one) => one.body)).toEqual(['hello'])
    expect(await client.stopWorker('api')).toBe(true)
    const { texts, ends } = await running
    expect(ends).toEqual([{ type: 'stopped' }])
    expect(texts.map((text) => text.split(' ')[0])).toEqual([
      ...['started', 'waiting', 'turn', 'turn', 'waiting', 'stopped'],
    ])
    expect(await client.stopWorker('api')).toBe(false)
    expect(JSON.stringify(texts)).not.toContain(environment.API_KEY)
  })

  test('ends when the request is closed, and its message waits as before', async () => {
    const daemon = await startDaemon()
    const { client, mailbox, driver } = daemon
    const leave = new AbortController()
    const running = collect(client.runWorker(body(daemon), leave.signal))
    running.catch(() => undefined)
    await expect.poll(async () => (await client.workers())[0]?.status).toBe('running')
    await mailbox.send({ from: { name: 'me', host: 'box', through: 'http' }, to: 'api', body: 'hi' })
    await expect.poll(() => driver.sessions.length).toBe(1)
    await driver.sessions[0]?.open()
    leave.abort()
    await expect.poll(() => client.workers()).toEqual([])
    expect(driver.sessions[0]?.closed()).toBe('graceful')
    expect(await mailbox.inbox('api')).toMatchObject([{ status: 'waiting', tries: 0 }])
  })

  test('has no end when the daemon ends, so that its command goes on at the next one', async () => {
    const daemon = await startDaemon()
    const running = collect(daemon.client.runWorker(body(daemon), never))
    await expect.poll(async () => (await daemon.client.workers())[0]?.status).toBe('running')
    await Promise.all([expect(running).rejects.toMatchObject({ code: 'daemon-unreachable' }), daemon.close()])
  })

  test('that cannot be started is an error', async () => {
    const daemon = await startDaemon()
    const { client, folder } = daemon
    const first = collect(client.runWorker(body(daemon), never))
    await expect.poll(async () => (await client.workers()).length).toBe(1)
    const second = collect(client.runWorker({ ...body(daemon), name: 'b' }, never))
    await expect(second).rejects.toMatchObject({
      code: 'already-running',
      message: containing(`worker 'api' is at work in ${folder}/api since `),
    })
    const wrong = { ...body(daemon, 'docs'), model: 'opus', prefer: 'claude' }
    await expect(collect(client.runWorker(wrong, never))).rejects.toMatchObject({ code: 'invalid-parameter' })
    await client.stopWorker('api')
    await first
  })
})

describe('workers that the daemon keeps', () => {
  const fleet = (daemon: TestDaemon, ...names: string[]) => ({
    file: join(daemon.folder, 'workers.yaml'),
    workers: names.map((name) => ({ name, folder: join(daemon.folder, name), provider: 'claude' })),
    environment,
  })
  const statuses = async ({ client }: TestDaemon) =>
    Object.fromEntries((await client.workers()).map(({ name, status }) => [name, status]))

  test('a fleet is started, changed and stopped', async () => {
    const daemon = await startDaemon()
    const { client, runtime } = daemon
    expect(await client.fleet()).toEqual({ workers: [] })
    expect(await client.fleetUp(fleet(daemon, 'api'))).toMatchObject({
      workers: [{ name: 'api', kept: true }],
    })
    await expect.poll(() => statuses(daemon)).toEqual({ api: 'running' })
    const [before] = runtime.workers.list()
    await client.fleetUp(fleet(daemon, 'docs', 'api'))
    await expect.poll(() => statuses(daemon)).toEqual({ docs: 'running', api: 'running' })
    expect(runtime.workers.list()).toContain(before)
    expect([daemon.isUp(), daemon.kept.isUp()]).toEqual([true, true])

    const changed = fleet(daemon, 'api')
    await client.fleetUp({ ...changed, workers: changed.workers.map((one) => ({ ...one, replicas: 2 })) })
    await expect.poll(() => statuses(daemon)).toEqual({ api: 'running' })
    expect(runtime.workers.list()).not.toContain(before)
    const other = client.fleetUp({ ...changed, file: '/other.yaml' })
    await expect(other).rejects.toMatchObject({ code: 'already-running' })

    expect(await client.fleetDown()).toEqual(['api'])
    expect(await client.workers()).toEqual([])
    expect(existsSync(join(daemon.folder, 'fleet.json'))).toBe(false)
    expect([daemon.isUp(), daemon.kept.isUp()]).toEqual([false, false])
  })

  test('they run again at the next daemon, without their keys, until they are started with them', async () => {
    const first = await startDaemon()
    await first.client.fleetUp(fleet(first, 'api', 'docs'))
    await expect.poll(() => statuses(first)).toEqual({ api: 'running', docs: 'running' })
    expect(await first.client.stopWorker('docs')).toBe(true)
    await expect.poll(() => statuses(first)).toEqual({ api: 'running', docs: 'stopped' })
    const record = readFileSync(join(first.folder, 'fleet.json'), 'utf8')
    expect(record).toContain('API_KEY')
    expect(record).not.toContain(environment.API_KEY)
    await first.close()

    const next = await startDaemon(first.folder)
    next.kept.begin()
    await expect.poll(() => statuses(next)).toEqual({ api: 'running', docs: 'stopped' })
    expect(await next.client.fleet()).toMatchObject({ workers: [{ lacks: ['API_KEY'] }, {}] })
    await next.client.fleetUp(fleet(next, 'api', 'docs'))
    await expect.poll(() => statuses(next)).toEqual({ api: 'running', docs: 'running' })
    expect((await next.client.fleet()).workers.flatMap(({ lacks }) => lacks ?? [])).toEqual([])
  })

  test('a worker that a command leaves to the daemon is kept until it is stopped', async () => {
    const daemon = await startDaemon()
    const { client, folder } = daemon
    expect(await client.keepWorker(body(daemon))).toMatchObject({ name: 'api', kept: true })
    await expect.poll(() => statuses(daemon)).toEqual({ api: 'running' })
    await expect(client.keepWorker(body(daemon))).rejects.toMatchObject({ code: 'already-running' })
    expect(await client.fleet()).toEqual({ workers: [] })
    expect(existsSync(join(folder, 'fleet.json'))).toBe(true)
    expect(await client.stopWorker('api')).toBe(true)
    await expect.poll(() => existsSync(join(folder, 'fleet.json'))).toBe(false)
    expect(await client.workers()).toEqual([])
  })

  test('one whose folder is gone is given up, with the reason, also at the next daemon', async () => {
    const daemon = await startDaemon()
    const { client, folder } = daemon
    const gone = { name: 'gone', folder: join(folder, 'gone') }
    await client.fleetUp({ ...fleet(daemon), workers: [gone], restarts: { max: 0, minutes: 1 } })
    const view = { name: 'gone', status: 'given-up', lastError: containing('does not exist') }
    await expect.poll(async () => (await client.fleet()).workers).toMatchObject([view])
    await daemon.close()
    const next = await startDaemon(folder)
    expect(await next.client.fleet()).toMatchObject({ workers: [view] })
  })

  test('only one daemon has them', async () => {
    const daemon = await startDaemon()
    await daemon.client.fleetUp(fleet(daemon, 'api'))
    const other = await startDaemon(daemon.folder, { ...ownerOf(process.ppid), version: '1.2.4' })
    other.kept.begin()
    await expect(other.client.fleet()).rejects.toMatchObject({
      code: 'already-running',
      message: `daemon ${process.pid} of version 1.2.3 keeps workers`,
    })
  })

  test('an agent cannot start them, because they would have the rights of the user', async () => {
    const daemon = await startDaemon()
    const { client } = daemon
    const inside = { SUBAGENT_MCP_DEPTH: '1' }
    const needsPerson = { code: 'needs-person' }
    const up = client.fleetUp({ ...fleet(daemon, 'api'), environment: inside })
    await expect(up).rejects.toMatchObject(needsPerson)
    await expect(client.keepWorker({ ...body(daemon), environment: inside })).rejects.toMatchObject(
      needsPerson,
    )
    expect(await client.workers()).toEqual([])
  })
})

/** A typed `expect.stringContaining`. */
function containing(text: string): unknown {
  return expect.stringContaining(text)
}
