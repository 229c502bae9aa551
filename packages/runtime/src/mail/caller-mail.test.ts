import { systemClock } from '@subagent-mcp/contract'
import type { Mailbox, MailRegistration } from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'
import { describe, expect, test, vi } from 'vitest'
import { createCallerMail, type MailCaller, type ConnectionMail } from './caller-mail.js'
import { openTestMailbox } from './open-mailbox.test.support.js'

const never = new AbortController().signal
const person = { name: 'me', host: 'box', through: 'terminal' } as const

/** Connects the mail of a caller, by default of a host in a project. */
function visit(mailbox: Mailbox, given: Partial<MailCaller> = {}): ConnectionMail {
  const client = {
    caller: 'c1',
    root: '/work/My App',
    depth: 0,
    environment: {},
    pid: process.pid,
    ...given,
  }
  const mail = createCallerMail({ mailbox, host: 'box', clock: systemClock, log: fail })(client)
  if (!mail) throw new Error('no mail')
  return mail
}

function fail(line: string): void {
  throw new Error(line)
}

const inWorker = { depth: 1, environment: { SUBAGENT_MCP_MAILBOX: 'api' }, caller: 'session' }

const bodies = ({ messages }: Pick<Awaited<ReturnType<MailPort['news']>>, 'messages'>): string[] =>
  messages.map(({ body }) => body)

describe('the mailbox name of a host', () => {
  test("has the name of its project's folder from its first use until the host leaves", async () => {
    const { mailbox } = openTestMailbox()
    const { port, leave } = visit(mailbox)
    expect([port.name, port.byTurns, await mailbox.agents()]).toEqual(['my-app', false, []])
    expect(await port.inbox(9)).toEqual({ messages: [], total: 0 })
    expect(await mailbox.agents()).toMatchObject([
      {
        ...{ name: 'my-app', project: '/work/My App', topics: ['project:>'], wakes: 'high' },
        handlers: [{ instance: 'c1', kind: 'session', pid: process.pid, host: 'box' }],
      },
    ])
    leave()
    await expect.poll(async () => (await mailbox.agents())[0]?.handlers).toEqual([])
  })

  test('keeps the subscriptions of a worker of the same folder', async () => {
    const { mailbox } = openTestMailbox()
    const handler = { instance: 'w', kind: 'worker', pid: 1, startTime: '-', host: 'box' } as const
    const worker = { name: 'my-app', project: '/work/My App', provider: 'codex', handler } as const
    await mailbox.register({ ...worker, capabilities: ['code'], topics: ['ci.*'], wakes: 'low' })
    await visit(mailbox).port.inbox(9)
    expect(await mailbox.agents()).toMatchObject([
      { provider: 'codex', capabilities: ['code'], topics: ['ci.*'], wakes: 'low', handlers: [{}, {}] },
    ])
  })

  test('is registered by settleIn, so that others can write to it', async () => {
    const { mailbox } = openTestMailbox()
    visit(mailbox, {}).settleIn()
    await vi.waitFor(async () => {
      expect(await mailbox.agents()).toMatchObject([{ name: 'my-app', handlers: [{ kind: 'session' }] }])
    })
  })

  test('is unregistered when the host leaves while it registers', async () => {
    const { mailbox } = openTestMailbox()
    let go = (): void => undefined
    const isOpen = new Promise<void>((resolve) => (go = resolve))
    const register = async (order: MailRegistration): Promise<void> =>
      isOpen.then(() => mailbox.register(order))
    const { port, leave } = visit({ ...mailbox, register })
    const looked = port.inbox(9)
    leave()
    go()
    await looked
    expect(await mailbox.agents()).toMatchObject([{ name: 'my-app', handlers: [] }])
  })

  test('gives each message to one of two parallel waits', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    const waits = [1, 2].map(() => port.wait({ timeoutMs: 5_000, signal: never }))
    await mailbox.send({ from: person, to: 'my-app', body: 'one' })
    await Promise.race(waits)
    await mailbox.send({ from: person, to: 'my-app', body: 'two' })
    const got = await Promise.all(waits)
    expect(got.flatMap(bodies).toSorted()).toEqual(['one', 'two'])
    // It dropped both, as it received none.
    expect(bodies(await port.news())).toEqual(['one', 'two'])
  })

  test('returns many events in parts', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    const event = { from: person, topic: 'ci', severity: 'info', body: 'built' } as const
    for (let count = 0; count < 40; count += 1) await mailbox.publish(event)
    const news = await port.news()
    expect(news.messages).toHaveLength(32)
    news.received()
    await expect.poll(async () => (await port.news()).messages).toHaveLength(8)
  })

  test('has a longer name where another project has the first', async () => {
    const { mailbox } = openTestMailbox()
    const names: string[] = []
    for (const [index, root] of ['/a/app', '/b/app', '/other/b/app', '/b/app'].entries()) {
      const { port } = visit(mailbox, { root, caller: `c${index}` })
      await port.inbox(9)
      names.push(port.name)
    }
    expect(names).toEqual(['app', 'b.app', 'other-b-app', 'b.app'])
  })

  test('may take a name that was only written to', async () => {
    const { mailbox } = openTestMailbox()
    const one = visit(mailbox, { root: '/a/one' })
    const other = visit(mailbox, { root: '/b/other', caller: 'c2' })
    await other.port.inbox(9)
    const { message } = await one.port.send({ to: 'other', text: 'hi' })
    expect(message).toMatchObject({ from: { name: 'one', host: 'box', through: 'agent' }, to: 'other' })
    const reply = await other.port.reply({ message: message.id, text: 'hello' })
    expect(reply.message).toMatchObject({ thread: message.thread, to: 'one' })
    expect(bodies(await one.port.wait({ timeoutMs: 0, signal: never }))).toEqual(['hello'])
  })
})

describe('taken mail', () => {
  test('counts as read once received, and is released when the caller leaves before', async () => {
    const { mailbox } = openTestMailbox()
    const first = visit(mailbox)
    await first.port.inbox(9)
    await mailbox.send({ from: person, to: 'my-app', body: 'hi' })
    expect(bodies(await first.port.wait({ timeoutMs: 0, signal: never }))).toEqual(['hi'])
    first.leave()
    const second = visit(mailbox, { caller: 'c2' })
    const delivered = await second.port.news()
    expect(delivered.messages).toMatchObject([{ body: 'hi', tries: 0 }])
    delivered.received()
    await expect.poll(() => mailbox.inbox('my-app')).toEqual([])
  })

  test('is released immediately when its call is cancelled', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    const call = new AbortController()
    const waiting = port.wait({ timeoutMs: 60_000, signal: call.signal })
    const sent = mailbox.send({ from: person, to: 'my-app', body: 'hi' })
    call.abort()
    expect((await waiting).messages).toEqual([])
    await sent
    expect(await mailbox.inbox('my-app')).toMatchObject([{ status: 'waiting', tries: 0 }])
  })

  test('of a thread is its waiting messages; the thread is shown whole', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    const { message } = await mailbox.send({ from: person, to: 'my-app', body: 'one' })
    await port.reply({ message: message.id, text: 'two' })
    await mailbox.send({ from: person, to: 'my-app', body: 'three', thread: message.thread })
    await mailbox.send({ from: person, to: 'my-app', body: 'elsewhere' })
    const read = await port.read(message.thread, 9)
    expect(bodies(read)).toEqual(['one', 'two', 'three'])
    read.received()
    await expect.poll(async () => bodies(await port.inbox(9))).toEqual(['elsewhere'])
  })

  test('of a thread between others is refused to an agent, and not to a host', async () => {
    const { mailbox } = openTestMailbox()
    for (const name of ['other', 'api']) {
      const handler = {
        instance: name,
        kind: 'session',
        pid: process.pid,
        startTime: '-',
        host: 'box',
      } as const
      await mailbox.register({ name, project: '/w', capabilities: [], topics: [], wakes: 'high', handler })
    }
    const { message } = await mailbox.send({ from: person, to: 'other', body: 'for the other', thread: 't' })
    const agent = visit(mailbox, inWorker)
    expect(await agent.port.read('t', 9)).toMatchObject({ messages: [], total: 0 })
    expect(bodies(await visit(mailbox).port.read('t', 9))).toEqual(['for the other'])
    await mailbox.send({ from: person, to: 'api', body: 'and you', thread: message.thread })
    expect(bodies(await agent.port.read('t', 9))).toEqual(['for the other', 'and you'])
  })

  test('of a long thread is only the shown part: earlier messages stay unread', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    for (const body of ['1', '2', '3', '4'])
      await mailbox.send({ from: person, to: 'my-app', body, thread: 't' })
    const end = await port.read('t', 3)
    expect([bodies(end), end.total]).toEqual([['2', '3', '4'], 4])
    end.received()
    await expect
      .poll(async () => (await mailbox.inbox('my-app')).map(({ body, status }) => [body, status]))
      .toEqual([
        ['1', 'waiting'],
        ['4', 'waiting'],
      ])
    expect(bodies(await port.news())).toEqual(['1', '4'])
  })

  test('news include events, also events that do not wake the agent', async () => {
    const { mailbox } = openTestMailbox()
    const { port } = visit(mailbox)
    await port.inbox(9)
    await mailbox.publish({ from: person, topic: 'ci', severity: 'info', body: 'green' })
    await mailbox.send({ from: person, to: 'my-app', body: 'hi' })
    await mailbox.publish({ from: person, topic: 'ci', severity: 'high', body: 'red' })
    const news = await port.news()
    expect(bodies(news)).toEqual(['green', 'hi', 'red'])
    news.received()
    await expect.poll(async () => (await port.inbox(9)).total).toBe(0)
    expect(bodies(await port.news())).toEqual([])
  })
})

describe("a worker's session", () => {
  test("has the worker's mailbox name, and leaves new messages to the worker", async () => {
    const { mailbox } = openTestMailbox()
    const handler = { instance: 'w', kind: 'worker', pid: 1, startTime: '-', host: 'box' } as const
    const worker = {
      name: 'api',
      project: '/w/api',
      capabilities: [],
      topics: ['>'],
      wakes: 'high',
      handler,
    } as const
    await mailbox.register(worker)
    const { port, leave } = visit(mailbox, inWorker)
    expect([port.name, port.byTurns]).toEqual(['api', true])
    await mailbox.send({ from: person, to: 'api', body: 'hi' })
    for (const severity of ['info', 'critical'] as const)
      await mailbox.publish({ from: person, topic: 'ci', severity, body: severity })
    const news = await port.news()
    expect(bodies(news)).toEqual(['info'])
    news.received()
    expect(bodies(await port.news())).toEqual([])
    expect(await mailbox.inbox('api')).toMatchObject([{ status: 'waiting' }, {}, { status: 'waiting' }])
    leave()
    expect((await mailbox.agents())[0]?.handlers).toHaveLength(1)
  })

  test('gets many events in parts, each once', async () => {
    const { mailbox } = openTestMailbox()
    const worker = visit(mailbox, { root: '/w/api' })
    await worker.port.inbox(9)
    const { port } = visit(mailbox, inWorker)
    const event = { from: person, topic: 'ci', severity: 'info', body: 'built' } as const
    for (let count = 0; count < 40; count += 1) await mailbox.publish(event)
    for (const told of [32, 8, 0]) {
      const { messages, received } = await port.news()
      expect(messages).toHaveLength(told)
      received()
    }
    expect(await mailbox.count({ of: 'inbox', agent: 'api' })).toBe(40)
  })

  test.each([[{ depth: 1, environment: {} }], [{ depth: 2, environment: { SUBAGENT_MCP_MAILBOX: '' } }]])(
    'without a name has no mail: %j',
    (given) => {
      const { mailbox } = openTestMailbox()
      expect(() => visit(mailbox, given)).toThrow('no mail')
    },
  )

  test('is not recognised by a variable alone: a host with it stays a host', () => {
    const { mailbox } = openTestMailbox()
    expect(visit(mailbox, { environment: { SUBAGENT_MCP_MAILBOX: 'boss' } }).port.name).toBe('my-app')
  })
})
