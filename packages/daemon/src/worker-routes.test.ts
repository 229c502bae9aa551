import { describe, expect, test } from 'vitest'
import {
  body,
  collect,
  containing,
  environment,
  never,
  startDaemon,
} from './workers/worker-daemon.test.support.js'

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
