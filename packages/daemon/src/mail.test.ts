import type { MailHandler, MailRegistration } from '@subagent-mcp/mailbox'
import { describe, expect, test } from 'vitest'
import { postRequest, sendRequest } from './ask.test.support.js'
import { startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'
import { connectDaemon } from '@subagent-mcp/client'

const me = { name: 'me', host: 'box', through: 'http' } as const
const never = new AbortController().signal

/** A mailbox registration of an agent that a session handles. */
function agent(name: string): MailRegistration {
  const handler: MailHandler = {
    instance: `at-${name}`,
    kind: 'session',
    pid: process.pid,
    startTime: '-',
    host: 'box',
  }
  return { name, project: '/p', capabilities: [], topics: ['ci.*'], wakes: 'high', handler }
}

function next(name: string, waitMs = 0): Parameters<ManualDaemon['mailbox']['next']>[0] {
  return { agent: name, instance: `at-${name}`, leaseMs: 60_000, waitMs }
}

describe('the mailbox through the client', () => {
  test('sends a message, waits for it, takes it, replies and acknowledges', async () => {
    const { client, mailbox } = await startManualDaemon()
    const { mail } = client
    await mailbox.register(agent('api'))
    await mailbox.register(agent('me'))
    const waiting = mail.next(next('api', 60_000), never)
    const { message, repeated } = await mail.send({ from: me, to: 'api', body: 'hi', key: 'k' })
    expect([message.to, message.body, repeated]).toEqual(['api', 'hi', false])
    expect(await mail.send({ from: me, to: 'api', body: 'hi', key: 'k' })).toMatchObject({ repeated: true })
    const batch = await waiting
    expect(batch?.messages).toMatchObject([{ id: message.id, status: 'held' }])
    const take = batch?.take ?? ''
    expect(await mail.renew(take, 60_000)).toBe(true)
    const reply = await mail.reply({ from: { ...me, name: 'api' }, message: message.id, body: 'hello' })
    expect(await mail.acknowledge(take)).toEqual([message.id])
    expect(await mail.renew(take, 60_000)).toBe(false)
    expect(await mail.thread(message.thread)).toMatchObject([
      { id: message.id, status: 'handled', repliedBy: reply.message.id },
      { replyTo: message.id, to: 'me' },
    ])
    expect(await mail.threads({ agent: 'me', limit: 5 })).toMatchObject([{ id: message.thread, messages: 2 }])
    expect(await mail.inbox('me')).toMatchObject([{ body: 'hello' }])
    expect(await mail.read({ agent: 'me' })).toMatchObject([{ body: 'hello' }])
    expect(await mail.inbox('me')).toEqual([])
    expect(await mail.agents()).toMatchObject([{ name: 'api', waiting: 0 }, { name: 'me' }])
  })

  test('makes a message that fails too often a dead letter, and revives it', async () => {
    const { client, mailbox, clock } = await startManualDaemon()
    const { mail } = client
    await mailbox.register(agent('api'))
    const { message } = await mail.send({ from: me, to: 'api', body: 'hi' })
    for (const failure of ['first', 'second']) {
      clock.advance(1_000)
      const batch = await mail.next(next('api'), never)
      await mail.release(batch?.take ?? '', { failure })
    }
    expect(await mail.dead({ agent: 'api' })).toMatchObject([{ id: message.id, failure: 'second' }])
    expect(await mail.revive(message.id)).toMatchObject({ status: 'waiting', tries: 0 })
    expect(await mail.dead({})).toEqual([])
  })

  test('delivers an event to the subscribers of its topic', async () => {
    const { client, mailbox } = await startManualDaemon()
    await mailbox.register(agent('api'))
    const event = { from: me, topic: 'ci.broken', severity: 'high', body: 'main is red' } as const
    expect(await client.mail.publish(event)).toMatchObject({ to: ['api'], repeated: false })
    expect(await client.mail.publish({ ...event, topic: 'chat' })).toMatchObject({ to: [] })
    const batch = await client.mail.next(next('api'), never)
    expect(batch?.messages).toMatchObject([{ kind: 'event', topic: 'ci.broken', severity: 'high' }])
  })

  test('ends a wait without a message at its timeout or when the signal aborts', async () => {
    const { client, server, mailbox } = await startManualDaemon()
    await mailbox.register(agent('api'))
    expect(await client.mail.next(next('api'), never)).toBeUndefined()
    const hangUp = new AbortController()
    const waiting = client.mail.next(next('api', Infinity), hangUp.signal)
    await pollUntil(() => server.connections() === 1)
    hangUp.abort()
    expect(await waiting).toBeUndefined()
    await pollUntil(() => server.connections() === 0)
  })

  test('delivers nothing to a client that closed its request, not even a message that was being sent', async () => {
    const { client, server, mailbox, takes } = await startManualDaemon()
    await mailbox.register(agent('api'))
    let handOut = (): void => undefined
    takes.ready = new Promise<void>((resolve) => (handOut = resolve))
    await mailbox.send({ from: me, to: 'api', body: 'hi' })
    const hangUp = new AbortController()
    const hungUp = client.mail.next(next('api'), hangUp.signal)
    await pollUntil(() => server.connections() === 1)
    hangUp.abort()
    await hungUp
    await pollUntil(() => server.connections() === 0)
    handOut()
    const batch = await client.mail.next({ ...next('api', 60_000), instance: 'other' }, never)
    expect(batch?.messages).toMatchObject([{ body: 'hi', tries: 0 }])
  })

  test('returns lists in pages, with their total', async () => {
    const { client, mailbox } = await startManualDaemon()
    const { mail } = client
    await mailbox.register(agent('api'))
    for (const body of ['1', '2', '3']) await mail.send({ from: me, to: 'api', body, thread: 't' })
    await mail.send({ from: me, to: 'api', body: 'elsewhere' })
    const [first] = await mail.inbox('api', { limit: 1 })
    expect(first).toMatchObject({ body: '1' })
    expect(await mail.inbox('api', { after: first?.seq ?? 0, limit: 2 })).toMatchObject([
      { body: '2' },
      { body: '3' },
    ])
    const [last] = await mail.thread('t', { limit: 1 })
    expect(last).toMatchObject({ body: '3' })
    expect(await mail.thread('t', { before: last?.seq ?? 0, limit: 1 })).toMatchObject([{ body: '2' }])
    const lists = [{ of: 'inbox', agent: 'api' }, { of: 'thread', id: 't' }, { of: 'threads' }] as const
    expect(await Promise.all(lists.map((list) => mail.count(list)))).toEqual([4, 3, 2])
    expect(await mail.count({ of: 'threads', agent: 'nobody' })).toBe(0)
    expect(await mail.count({ of: 'dead', agent: 'api' })).toBe(0)
  })

  test.each(['inbox?agent=api&limit=1001', 'inbox?agent=api&before=1', 'threads/t?after=1', 'dead?limit=0'])(
    'refuses an impossible page: %s',
    async (page) => {
      const daemon = await startManualDaemon()
      await daemon.mailbox.register(agent('api'))
      await daemon.mailbox.send({ from: me, to: 'api', body: 'hi', thread: 't' })
      expect((await sendRequest(daemon, { method: 'GET', path: `/v1/mail/${page}` })).status).toBe(400)
    },
  )

  test('returns errors with the code of the mailbox', async () => {
    const { client, mailbox } = await startManualDaemon()
    const nobody = client.mail.send({ from: me, to: 'nobody', body: 'hi' })
    await expect(nobody).rejects.toMatchObject({ code: 'unknown-recipient' })
    await expect(client.mail.thread('none')).rejects.toMatchObject({ code: 'unknown-message' })
    await expect(client.mail.revive('none')).rejects.toMatchObject({ code: 'unknown-message' })
    await mailbox.register(agent('api'))
    const large = client.mail.send({ from: me, to: 'api', body: 'x'.repeat(70_000) })
    await expect(large).rejects.toMatchObject({ code: 'invalid-parameter' })
  })
})

describe('the sender of a message', () => {
  test.each([
    ['a program', { from: { name: 'cron' } }, { name: 'cron', through: 'http' }],
    [
      'one that says otherwise',
      { from: { name: 'x', through: 'agent', host: 'far' } },
      { name: 'x', through: 'http' },
    ],
    ['no terminal', { from: { name: 'x', through: 'terminal' } }, { name: 'x', through: 'http' }],
    [
      'a person at a terminal',
      { from: { name: 'ann', through: 'terminal' }, pid: 1, environment: {} },
      { name: 'ann', through: 'terminal' },
    ],
    ['an agent at a shell', { ...inside({}), from: { name: 'agent' } }, { name: 'agent', through: 'agent' }],
    [
      'an agent with a mailbox',
      { ...inside({ SUBAGENT_MCP_MAILBOX: 'web' }), from: { name: 'web', through: 'terminal' } },
      { name: 'web', through: 'agent' },
    ],
  ])('who is %s is shown as such, with this machine', async (_, sender, told) => {
    const daemon = await startManualDaemon()
    await daemon.mailbox.register(agent('api'))
    const answer = await sendRequest(
      daemon,
      postRequest('/v1/mail/messages', { ...sender, to: 'api', body: 'hi' }),
    )
    expect(answer.status).toBe(200)
    expect((await daemon.mailbox.inbox('api')).map(({ from }) => from)).toEqual([{ ...told, host: 'box' }])
  })

  test('cannot be another agent for an agent at a shell', async () => {
    const daemon = await startManualDaemon()
    await daemon.mailbox.register(agent('api'))
    const { message } = await daemon.mailbox.send({ from: me, to: 'api', body: 'hi' })
    const forged = { ...inside({ SUBAGENT_MCP_MAILBOX: 'web' }), from: { name: 'api', through: 'http' } }
    const event = { topic: 'ci.red', severity: 'critical' }
    for (const ask of [
      postRequest('/v1/mail/messages', { ...forged, to: 'api', body: 'x' }),
      postRequest(`/v1/mail/messages/${message.id}/reply`, { ...forged, body: 'x' }),
      postRequest('/v1/mail/events', { ...forged, ...event, body: 'x' }),
    ]) {
      const { status, text } = await sendRequest(daemon, ask)
      expect([status, text]).toEqual([400, expect.stringContaining("as web or agent, not as 'api'")])
    }
    expect(await daemon.mailbox.inbox('api')).toHaveLength(1)
  })

  test('is identified by the client, which sends its own process', async () => {
    const { socketPath, mailbox } = await startManualDaemon()
    await mailbox.register(agent('api'))
    const self = { pid: process.pid, environment: { SECRET: 'x', SUBAGENT_MCP_DEPTH: '1' } }
    const { mail } = connectDaemon({ socketPath, self })
    await expect(mail.send({ from: me, to: 'api', body: 'hi' })).rejects.toThrow('an agent sends as agent')
    await mail.send({ from: { ...me, name: 'agent' }, to: 'api', body: 'hi' })
  })
})

test('a mail request that a web page can forge has no effect', async () => {
  const daemon = await startManualDaemon()
  await daemon.mailbox.register(agent('api'))
  const { path, body } = postRequest('/v1/mail/messages', { from: { name: 'page' }, to: 'api', body: 'hi' })
  for (const headers of [
    { 'content-type': 'text/plain' },
    {},
    { 'content-type': 'application/x-www-form-urlencoded' },
  ])
    expect((await sendRequest(daemon, { method: 'POST', path, body, headers })).status).toBe(415)
  for (const row of ['/v1/mail/next', '/v1/mail/read', '/v1/workers'])
    expect((await sendRequest(daemon, { method: 'POST', path: row, body, headers: {} })).status).toBe(415)
  expect(await daemon.mailbox.inbox('api')).toEqual([])
})

test('health and metrics have the state of the mailbox, also of an unreachable one', async () => {
  const { client, mailbox } = await startManualDaemon()
  await mailbox.register(agent('api'))
  await client.mail.send({ from: me, to: 'api', body: 'hi' })
  expect((await client.health()).mailbox).toMatchObject({ kind: 'sqlite', reachable: true })
  expect(await client.metrics()).toContain('subagent_mcp_mail_messages{status="waiting"} 1')
  await mailbox.close()
  expect((await client.health()).mailbox).toMatchObject({ reachable: false })
  expect(await client.metrics()).toContain('# TYPE subagent_mcp_mail_messages gauge\n# HELP')
})

function inside(variables: Record<string, string>): object {
  return { pid: 1, environment: { SUBAGENT_MCP_DEPTH: '1', ...variables } }
}
