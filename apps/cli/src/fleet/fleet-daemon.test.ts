import { natsSkipped, startNats, thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, containing, daemonPid, oursIn } from '../daemon/cli-daemon.test.support.js'

const theHouse = useCliRuntime()
/** vitest's own has no type. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const patience = { timeout: 30_000 }

function fleetFile(...workers: string[]): string {
  const path = join(theHouse().home, 'workers.yaml')
  for (const name of workers) mkdirSync(join(theHouse().home, name.replace(/,.*/, '')), { recursive: true })
  writeFileSync(path, `workers:\n${workers.map((worker) => `  - { folder: ${worker} }\n`).join('')}`)
  return path
}

const statuses = async () => {
  const { workers } = await clientOf(theHouse()).fleet()
  return Object.fromEntries(workers.map(({ name, status }) => [name, status]))
}

/** While no daemon answers there are none. */
const statusesNow = () => statuses().catch(() => ({}))

test(
  'a daemon that is killed is followed by another one with its workers; stopped ones stay so; they end with a stop, and come back',
  thorough,
  async () => {
    const { run } = theHouse()
    const up = await run(['fleet', 'up', fleetFile('shop', 'docs')])
    expect(up).toMatchObject({ code: 0, stderr: '' })
    expect(up.stdout).toMatch(/^NAME .*\nshop +running .*\ndocs +running .*\n$/)
    const before = await statuses()
    const first = (await daemonPid(theHouse())) ?? 0
    process.kill(first, 'SIGKILL')
    // The next daemon starts by itself.
    await expect.poll(statusesNow, patience).toEqual(before)
    expect(await daemonPid(theHouse())).not.toBe(first)

    expect(await run(['workers', 'stop', 'shop'])).toMatchObject({ code: 0 })
    await expect.poll(statusesNow, patience).toEqual({ ...before, shop: 'stopped' })

    expect(await run(['daemon', 'stop'])).toMatchObject({ code: 0 })
    expect(await daemonPid(theHouse())).toBeUndefined()
    const coming = await run(['fleet', 'status'])
    expect(coming.stderr).toContain('starts with the next daemon')
    await run(['daemon', 'start'])
    const again = { shop: 'stopped', docs: 'running' }
    await expect.poll(statusesNow, patience).toEqual(again)

    expect(await run(['fleet', 'down'])).toMatchObject({ code: 0, stdout: 'ended: shop, docs\n' })
    expect(await run(['fleet', 'status'])).toMatchObject({
      code: 0,
      stderr: containing('no fleet is up'),
    })
    expect(await run(['fleet', 'down', '--json'])).toMatchObject({ code: 0, stdout: '{\n  "ended": []\n}\n' })
    expect(existsSync(oursIn(theHouse(), 'fleet.json'))).toBe(false)
  },
)

test(
  'a worker that a restarted daemon runs without its keys says so, and gets them by fleet up',
  thorough,
  async () => {
    const { run } = theHouse()
    const file = fleetFile('shop')
    const key = { ANTHROPIC_API_KEY: `key of ${theHouse().home}` }
    expect(await run(['fleet', 'up', file], key)).toMatchObject({ code: 0 })
    await run(['daemon', 'restart'])
    await expect.poll(statusesNow, patience).toEqual({ shop: matching(/^running/) })
    const status = await run(['fleet', 'status'])
    expect(status.stdout).toMatch(/\nshop +running without keys /)
    expect(status.stderr).toContain(
      'worker shop lacks ANTHROPIC_API_KEY: the daemon was restarted, and keeps no keys. ' +
        `Where they are set, run: subagent-mcp fleet up ${file}\n`,
    )

    const again = await run(['fleet', 'up', file], key)
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toMatch(/\nshop +running +\d/)
    await run(['fleet', 'down'])
  },
)

test(
  'a purge takes what workers and the mailbox leave, once no worker runs by itself',
  thorough,
  async () => {
    const nats = natsSkipped() === undefined ? await startNats() : undefined
    mkdirSync(oursIn(theHouse()))
    const config = nats ? { mailbox: { url: nats.url } } : {}
    writeFileSync(oursIn(theHouse(), 'config.jsonc'), JSON.stringify(config))
    try {
      await purgeBesideWorkers()
    } finally {
      await nats?.end()
    }
    expect(readdirSync(oursIn(theHouse()))).toEqual(['config.jsonc'])
  },
)

async function purgeBesideWorkers(): Promise<void> {
  const { run, start } = theHouse()
  expect(await run(['fleet', 'up', fleetFile('shop')])).toMatchObject({ code: 0 })
  const alone = start(['worker', '--name', 'alone'])
  const ended = untilProcessEnds(alone)
  await expect.poll(() => existsSync(oursIn(theHouse(), 'workers', 'alone.json')), patience).toBe(true)
  const purge = () => run(['uninstall', '--yes', '--purge'])
  const kept = 'the state is kept: worker alone runs (subagent-mcp workers stop --all)'
  expect(await purge()).toMatchObject({ code: 1, stdout: containing(kept) })
  // It starts the daemon that it needs, which has the fleet again.
  await expect.poll(statusesNow, patience).toEqual({ shop: matching(/^running/) })
  alone.kill('SIGTERM')
  await ended
  expect(await purge()).toMatchObject({ code: 0 })
}

test('a worker that cannot work says why', async () => {
  const { run } = theHouse()
  const up = await run(['fleet', 'up', fleetFile('shop, provider: nobody'), '--json'])
  expect(up.code).toBe(1)
  const [worker] = (await clientOf(theHouse()).fleet()).workers
  expect(worker).toMatchObject({ name: 'shop', lastError: "no provider 'nobody'" })
  await run(['fleet', 'down'])
})

test('a worker whose turns no retry mends is shown as blocked, with the reason', async () => {
  const { run } = theHouse()
  await run(['fleet', 'up', fleetFile('shop, agent: reviewer')])
  const { mail } = clientOf(theHouse())
  const from = { name: 'me', host: 'box', through: 'http' } as const
  const { message } = await mail.send({ from, to: 'shop', body: 'look at it' })
  await expect.poll(statusesNow, patience).toEqual({ shop: matching(/^blocked/) })
  const [worker] = (await clientOf(theHouse()).fleet()).workers
  expect(worker).toMatchObject({ lastError: matching(/^refused: no agent is called 'reviewer'; hint: /) })
  expect((await run(['fleet', 'status'])).stdout).toMatch(/\nshop +blocked /)
  expect(await mail.inbox('shop')).toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
  expect(await mail.inbox('me')).toMatchObject([{ thread: message.thread, from: { name: 'shop' } }])
  await run(['fleet', 'down'])
})

test('nothing is started to say that there is nothing', async () => {
  const { run } = theHouse()
  expect(await run(['fleet', 'status', '--json'])).toMatchObject({
    code: 0,
    stdout: '{\n  "workers": []\n}\n',
  })
  expect(await run(['fleet', 'down'])).toMatchObject({ code: 0, stdout: 'no fleet is up\n' })
  expect(await daemonPid(theHouse())).toBeUndefined()
  const wrong = await run(['fleet', 'up', fleetFile('shop, modell: x')])
  expect(wrong).toMatchObject({ code: 1, stderr: containing('workers.yaml:2: ') })
})
