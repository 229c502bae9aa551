import { thorough } from '@subagent-mcp/testkit'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { clientOf, daemonPid, oursIn } from '../daemon/cli-daemon.test.support.js'
import { me, patience, useWorkerHouse } from './worker-house.test.support.js'

const { theHouse, startWorker, untilThere, send, repliesTo, ask, agents, living, logOf } = useWorkerHouse()

describe('a worker', () => {
  test('answers what it is sent in one warm process, and ends in order', async () => {
    const { end } = startWorker()
    await untilThere()
    const idle = await theHouse().run(['workers', '--json'])
    expect(JSON.parse(idle.stdout)).toMatchObject([{ name: 'api', status: 'waiting', today: { turns: 0 } }])
    const publish = async (about: { project?: string }) => {
      const event = { from: me, topic: 'ci.main', severity: 'info', body: 'green', ...about } as const
      return (await clientOf(theHouse()).mail.publish(event)).to
    }
    expect([await publish({ project: '/elsewhere' }), await publish({})]).toEqual([[], ['api']])
    expect(await ask('[[say: one]]')).toBe('one')
    const first = living()
    expect(first).toHaveLength(1)
    expect(await ask('[[say: two]]')).toBe('two')
    expect(living()).toEqual(first)
    expect(await agents()).toMatchObject([{ name: 'api', turnCount: 2 }])
    // A reply does not wait for the count of its turn.
    await expect
      .poll(
        async (): Promise<unknown> => JSON.parse((await theHouse().run(['workers', '--json'])).stdout),
        patience,
      )
      .toMatchObject([
        { name: 'api', status: 'waiting', kept: false, waiting: 0, today: { turns: 2, tokens: 70 } },
      ])
    const stopped = await theHouse().run(['workers', 'stop', 'api'])
    expect(stopped).toMatchObject({ code: 0, stdout: 'api has ended\n' })
    expect(await end).toMatchObject({ code: 0, stdout: '' })
    await expect.poll(living, patience).toEqual([])
    expect(
      logOf().match(/turn ended ms=\d+ waited=\d+ model=claude\S+ tokens=30\/5 usd=0.0010 /g),
    ).toHaveLength(2)
    const { stdout } = await theHouse().run(['workers', 'logs', 'api', '--lines', '1'])
    expect(stdout).toMatch(/^\S+Z stopped\n$/)
  })

  test(
    'that is resumed has no process between its turns, and goes on with its session',
    thorough,
    async () => {
      startWorker('--session', 'resume')
      await untilThere()
      expect(await ask('[[say: one]]')).toBe('one')
      await expect.poll(living, patience).toEqual([])
      expect(await ask('[[say: two]]')).toBe('two')
      expect(await agents()).toMatchObject([{ turnCount: 2 }])
    },
  )

  test('that is fresh begins a session for each turn', thorough, async () => {
    startWorker('--session', 'fresh')
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    expect(await ask('[[say: two]]')).toBe('two')
    expect(await agents()).toMatchObject([{ turnCount: 1 }, { turnCount: 1 }])
    await expect.poll(living, patience).toEqual([])
  })

  test('whose command is killed leaves no CLI, and what it had begun to the next one', async () => {
    const { child, end } = startWorker()
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    const message = await send('[[hang]]')
    await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
    child.kill('SIGKILL')
    await end
    await expect.poll(living, patience).toEqual([])
    // The daemon gives the message back after the CLI has ended, and the worker has stopped only after that.
    await expect
      .poll(() => clientOf(theHouse()).mail.inbox('api'), patience)
      .toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
    const status = async () => (await theHouse().run(['workers', 'status'])).stdout
    await expect.poll(status, patience).toMatch(/\napi +stopped +claude /)
  })

  test('goes on with the next daemon where one is killed', thorough, async () => {
    const { end, child } = startWorker('--json')
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    // A reply does not wait for the line of its turn.
    await expect.poll(logOf, patience).toContain(' turn ended ')
    const pid = await daemonPid(theHouse())
    if (pid === undefined) throw new Error('no daemon')
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => daemonPid(theHouse()), patience).not.toBe(undefined)
    await untilThere()
    expect(await ask('[[say: two]]')).toBe('two')
    expect(await agents()).toMatchObject([{ turnCount: 2 }])
    const known = await clientOf(theHouse()).mail.agents()
    expect(known.find(({ name }) => name === 'api')?.handlers).toHaveLength(1)
    child.kill('SIGINT')
    const { code, stdout } = await end
    const types = [...stdout.matchAll(/^\{"at":\d+,"type":"(\w+)"/gm)].map(([, type]) => type)
    expect(code).toBe(0)
    expect(types.filter((type) => type !== 'status')).toEqual([
      ...['started', 'turn', 'unreachable', 'started', 'turn', 'stopped'],
    ])
  })

  test('takes messages once with --once', async () => {
    expect((await startWorker('--once', '--poll-ms', '200').end).code).toBe(124)
    const message = await send('[[say: done]]')
    expect((await startWorker('--once', '--replicas', '2', '--poll-ms', '500').end).code).toBe(0)
    expect(await repliesTo(message)).toEqual(['done'])
    await expect.poll(living, patience).toEqual([])
    const spent = await startWorker('--once', '--replicas=2', '--poll-ms=200', '--budget-tokens=2').end
    expect(spent.code).toBe(1)
    expect(spent.stderr).toMatch(
      /: resting until=\S+ reason="the day's budget is spent: 35 of 1 tokens" hint="/,
    )
  })

  test('of several replicas gives each message of a burst its own answer', async () => {
    startWorker('--replicas', '3')
    await untilThere()
    const texts = Array.from({ length: 9 }, (_, index) => `answer ${index}`)
    const sent = await Promise.all(texts.map((text) => send(`[[say: ${text}]]`)))
    expect(await Promise.all(sent.map(repliesTo))).toEqual(texts.map((text) => [text]))
    await expect.poll(() => logOf().match(/ turn ended .* messages=\w+$/gm), patience).toHaveLength(9)
  })

  test('that is stopped in a turn gives its message back, and keeps its session', thorough, async () => {
    const { child, end } = startWorker()
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    const message = await send('[[hang]]')
    await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
    child.kill('SIGTERM')
    expect((await end).code).toBe(0)
    const inbox = await clientOf(theHouse()).mail.inbox('api')
    expect(inbox).toMatchObject([{ id: message.id, status: 'waiting', tries: 0 }])
    const [agent] = await agents()
    expect(agent).toMatchObject({ turnCount: 2, takesMessages: true })
    expect(readFileSync(oursIn(theHouse(), 'workers', 'api.json'), 'utf8')).toContain(`"id":"${agent?.id}"`)
    await expect.poll(living, patience).toEqual([])
  })

  test(
    'that may do less than before does not go on with the session that may do more',
    thorough,
    async () => {
      const wide = startWorker('--permission-mode', 'acceptEdits')
      await untilThere()
      expect(await ask('[[say: one]]')).toBe('one')
      wide.child.kill('SIGTERM')
      expect((await wide.end).code).toBe(0)
      startWorker()
      await untilThere()
      expect(await ask('[[say: two]]')).toBe('two')
      expect(await agents()).toMatchObject([{ turnCount: 1 }, { turnCount: 1 }])
    },
  )

  test('has its name and its folder alone, and a second stop signal ends it immediately', async () => {
    const { child, end } = startWorker()
    await untilThere()
    await send('[[hang]]')
    await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
    for (const refused of [startWorker(), startWorker('--name=other')]) {
      const { code, stderr } = await refused.end
      expect(code).toBe(1)
      expect(stderr).toContain("worker 'api' is at work in ")
    }
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await end).code).toBe(130)
    await expect.poll(living, patience).toEqual([])
  })

  test('says once that the servers of the mailbox are away, and stays', async () => {
    mkdirSync(oursIn(theHouse()), { recursive: true })
    writeFileSync(oursIn(theHouse(), 'config.jsonc'), '{"mailbox": {"url": "nats://127.0.0.1:1"}}')
    const { child, end } = startWorker()
    const status = async (): Promise<unknown> =>
      JSON.parse((await theHouse().run(['workers', '--json'])).stdout)
    await expect.poll(status, patience).toMatchObject([{ name: 'api', status: 'unreachable' }])
    child.kill('SIGTERM')
    const { code, stderr } = await end
    expect(code).toBe(0)
    expect(stderr.match(/unreachable/g)).toHaveLength(1)
  })
})
