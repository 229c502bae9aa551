import type { AgentSummary } from '@subagent-mcp/api'
import type { Message } from '@subagent-mcp/mailbox'
import { installFakeClaude, processesWith, thorough, type Fake } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { untilEnd, useCliHouse } from '../cli-house.test.support.js'
import { clientOf, daemonPid, oursIn } from '../daemon/cli-daemon.test.support.js'

const theHouse = useCliHouse()
const patience = { timeout: 30_000, interval: 20 }
const me = { name: 'me', host: 'box', through: 'http' } as const
let fake: Fake

beforeEach(() => {
  fake = installFakeClaude('well')
})
afterEach(() => {
  fake.remove()
})

/** A worker `api` whose CLI says what a message's directives tell it. */
function startWorker(...words: readonly string[]) {
  const variables = {
    ANTHROPIC_API_KEY: 'dummy',
    SUBAGENT_MCP_CLAUDE_PATH: fake.executable,
    TMPDIR: theHouse().home,
  }
  const provider = ['--provider', 'claude', '--model', 'sonnet']
  const child = theHouse().start(['worker', '--name', 'api', ...provider, ...words], variables)
  child.stdin.end()
  return { child, end: untilEnd(child) }
}

async function untilThere(replicas = 1): Promise<void> {
  const names = async (): Promise<string[]> => {
    const attendances = await clientOf(theHouse())
      .attendances()
      .catch(() => [])
    return attendances.map(({ name }) => name)
  }
  await expect.poll(names, patience).toEqual(Array(replicas).fill('api'))
}

async function send(body: string): Promise<Message> {
  return (await clientOf(theHouse()).mail.send({ from: me, to: 'api', body })).message
}

/** All that was said in reply to a message, once there is something. */
async function repliesTo({ id, thread }: Message): Promise<string[]> {
  const { mail } = clientOf(theHouse())
  const replies = async (): Promise<string[]> => {
    const all = await mail.thread(thread).catch(() => [])
    return all.filter(({ replyTo }) => replyTo === id).map(({ body }) => body)
  }
  await expect.poll(replies, patience).not.toEqual([])
  return replies()
}

async function ask(body: string): Promise<string> {
  return (await repliesTo(await send(body))).join()
}

function agents(): Promise<readonly AgentSummary[]> {
  return clientOf(theHouse())
    .agents()
    .catch(() => [])
}

/** The CLIs that run. */
function living(): number[] {
  return processesWith(`SUBAGENT_MCP_CLAUDE_PATH=${fake.executable}`).filter((pid) => {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes('--input-format')
  })
}

function logOf(name = 'api'): string {
  return readFileSync(oursIn(theHouse(), 'workers', `${name}.log`), 'utf8')
}

describe('a worker', () => {
  test('answers what it is sent in one warm process, and ends in order', async () => {
    const { child, end } = startWorker()
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
    const status = await theHouse().run(['workers', '--json'])
    expect(JSON.parse(status.stdout)).toMatchObject([
      { name: 'api', status: 'waiting', pid: child.pid, waiting: 0, today: { turns: 2, tokens: 70 } },
    ])
    const stopped = await theHouse().run(['workers', 'stop', 'api'])
    expect(stopped).toMatchObject({ code: 0, stdout: `api (pid ${child.pid}) has ended\n` })
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

  test('that is killed leaves no CLI, and what it had begun to the next one', async () => {
    const { child, end } = startWorker()
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
    const message = await send('[[hang]]')
    await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
    child.kill('SIGKILL')
    await end
    await expect.poll(living, patience).toEqual([])
    expect(await clientOf(theHouse()).mail.inbox('api')).toMatchObject([
      { id: message.id, status: 'waiting' },
    ])
    const status = await theHouse().run(['workers', 'status'])
    expect(status.stdout).toMatch(/\napi +killed +- +claude /)
  })

  test('goes on with the next daemon where one is killed', thorough, async () => {
    const { end, child } = startWorker('--json')
    await untilThere()
    expect(await ask('[[say: one]]')).toBe('one')
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
      ...['started', 'turn', 'unreachable', 'recovered', 'turn', 'stopped'],
    ])
  })

  test('is refused where another one has the name or the folder', async () => {
    const { child } = startWorker()
    await untilThere()
    const same = await startWorker().end
    expect(same.code).toBe(1)
    expect(same.stderr).toContain(`worker 'api' (pid ${child.pid}) is at work in `)
    const other = await startWorker('--name=other').end
    expect(other).toMatchObject({ code: 1 })
    expect(other.stderr).toContain(`worker 'api' (pid ${child.pid}) is at work in `)
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
    await untilThere(3)
    const texts = Array.from({ length: 9 }, (_, index) => `answer ${index}`)
    const sent = await Promise.all(texts.map((text) => send(`[[say: ${text}]]`)))
    expect(await Promise.all(sent.map(repliesTo))).toEqual(texts.map((text) => [text]))
    expect(logOf().match(/ turn ended .* messages=\w+$/gm)).toHaveLength(9)
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

  test('a second stop signal ends it immediately', async () => {
    const { child, end } = startWorker()
    await untilThere()
    await send('[[hang]]')
    await expect.poll(async () => (await agents())[0]?.status, patience).toBe('processing')
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect((await end).code).toBe(130)
    await expect.poll(living, patience).toEqual([])
  })

  test('says once that the servers of the mailbox are away, and goes on trying', async () => {
    mkdirSync(oursIn(theHouse()), { recursive: true })
    writeFileSync(oursIn(theHouse(), 'config.jsonc'), '{"mailbox": {"url": "nats://127.0.0.1:1"}}')
    const { child, end } = startWorker()
    const refusals = (): number =>
      theHouse()
        .log()
        .match(/mailbox: connection refused/g)?.length ?? 0
    await expect
      .poll(() => (existsSync(oursIn(theHouse(), 'workers', 'api.log')) ? refusals() : 0), patience)
      .toBeGreaterThan(3)
    child.kill('SIGTERM')
    const { code, stderr } = await end
    expect(code).toBe(0)
    expect(stderr.match(/unreachable/g)).toHaveLength(1)
  })
})
