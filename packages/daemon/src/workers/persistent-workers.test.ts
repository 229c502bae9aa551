import { connectDaemon } from '@subagent-mcp/client'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  body,
  collect,
  containing,
  environment,
  matching,
  never,
  ownerOf,
  startDaemon,
  type TestDaemon,
} from './worker-daemon.test.support.js'

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

  test('one that fails is restarted alone and shown, and at once by fleet up when its reason is mended', async () => {
    const daemon = await startDaemon()
    const { client, folder, mailbox, driver } = daemon
    mkdirSync(join(folder, 'workers'))
    const state = join(folder, 'workers', 'api.json')
    writeFileSync(state, '{')
    await client.fleetUp({ ...fleet(daemon, 'api', 'docs'), restarts: { max: 9, minutes: 10 } })
    await expect.poll(() => statuses(daemon)).toEqual({ api: 'restarting', docs: 'running' })
    const [view] = await client.workers()
    expect(view).toMatchObject({ restarts: 1, lastError: containing("is no worker's state") })

    // The other one answers meanwhile.
    const from = { name: 'me', host: 'box', through: 'http' } as const
    const { message } = await mailbox.send({ from, to: 'docs', body: 'hello' })
    await expect.poll(() => driver.sessions.length).toBe(1)
    await driver.sessions[0]?.open()
    driver.sessions[0]?.finish('done')
    await expect
      .poll(async () => (await mailbox.thread(message.thread)).map(({ body }) => body))
      .toContain('done')

    rmSync(state)
    await client.fleetUp({ ...fleet(daemon, 'api', 'docs'), restarts: { max: 9, minutes: 10 } })
    await expect.poll(() => statuses(daemon)).toEqual({ api: 'running', docs: 'running' })
    // It is a new run, which did not wait for the pause of the old one.
    expect((await client.workers())[0]).toMatchObject({ restarts: 0 })
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

  test('a daemon that ends refuses changes, which the next one would not know of', async () => {
    const daemon = await startDaemon()
    const { client, kept } = daemon
    await client.fleetUp(fleet(daemon, 'api'))
    kept.letGo()
    const stopping = { code: 'at-capacity', message: 'the daemon is stopping' }
    await expect(client.fleetDown()).rejects.toMatchObject(stopping)
    await expect(client.fleetUp(fleet(daemon, 'docs'))).rejects.toMatchObject(stopping)
    await expect(client.keepWorker(body(daemon, 'docs'))).rejects.toMatchObject(stopping)
    await expect(client.stopWorker('api')).rejects.toMatchObject(stopping)
    expect(await client.fleet()).toMatchObject({ workers: [{ name: 'api' }] })
  })

  test('a name has one of them, also while it is about to start, when it can be stopped', async () => {
    const daemon = await startDaemon()
    const { client, folder } = daemon
    const settled = await Promise.allSettled([
      client.keepWorker(body(daemon)),
      client.keepWorker({ ...body(daemon), folder: join(folder, 'docs') }),
    ])
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(settled).toContainEqual({ status: 'rejected', reason: matching({ code: 'already-running' }) })
    await expect(client.fleetUp(fleet(daemon, 'api'))).rejects.toMatchObject({ code: 'already-running' })
    expect(await client.stopWorker('api')).toBe(true)
    expect(await client.workers()).toEqual([])

    await client.fleetUp(fleet(daemon, 'docs'))
    expect(await client.stopWorker('docs')).toBe(true)
    await expect(client.keepWorker(body(daemon, 'docs'))).rejects.toMatchObject({
      code: 'already-running',
      message: `worker 'docs' of ${folder}/docs belongs to the fleet`,
    })
  })

  test('a daemon that was refused them at its start has them when the other one has ended', async () => {
    const daemon = await startDaemon()
    await daemon.client.fleetUp(fleet(daemon, 'api'))
    await daemon.close()
    const other = spawn('sleep', ['60'])
    onTestFinished(() => void other.kill())
    const path = join(daemon.folder, 'fleet.json')
    const record = readFileSync(path, 'utf8')
    const { startTime } = ownerOf(other.pid ?? 0)
    writeFileSync(
      path,
      record
        .replace(/"pid": \d+/, `"pid": ${other.pid}`)
        .replace(/"startTime": "[^"]*"/, `"startTime": "${startTime}"`),
    )
    const next = await startDaemon(daemon.folder)
    next.kept.begin()
    expect(next.kept.list()).toEqual([])
    other.kill()
    await expect.poll(() => next.kept.list()).toMatchObject([{ name: 'api' }])
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
    const taking = collect(client.runWorker({ ...body(daemon), environment: inside }, never))
    await expect(taking).rejects.toMatchObject(needsPerson)
    expect(await client.workers()).toEqual([])
  })

  test('an agent sees none of them, also by a look at the fleet, which starts none', async () => {
    const first = await startDaemon()
    await first.client.fleetUp(fleet(first, 'api'))
    await first.close()
    const { socketPath, kept } = await startDaemon(first.folder)
    const inside = connectDaemon({
      socketPath,
      self: { pid: process.pid, environment: { SUBAGENT_MCP_DEPTH: '1' } },
    })
    expect(await inside.fleet()).toEqual({ workers: [] })
    expect(kept.list()).toEqual([])
    const start = collect(inside.runWorker(body(first), never))
    await expect(start).rejects.toMatchObject({ code: 'needs-person' })
  })
})
