import type { MailboxMessage, MailRegistration } from '@subagent-mcp/mailbox'
import { describe, expect, test } from 'vitest'
import { sendRequest } from './ask.test.support.js'
import { connectDaemon, type MailClient } from '@subagent-mcp/client'
import { startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'

const never = new AbortController().signal
const me = { name: 'me', host: 'box', through: 'http' } as const

/** The mail client of a process with this environment and pid. */
function mailOf({ socketPath }: ManualDaemon, environment: Record<string, string>, pid = 4242): MailClient {
  return connectDaemon({ socketPath, self: { pid, environment } }).mail
}

const insideWeb = { SUBAGENT_MCP_DEPTH: '1', SUBAGENT_MCP_MAILBOX: 'web', SECRET: 'sk' }
const insideNameless = { SUBAGENT_MCP_DEPTH: '1' }

function known(name: string): MailRegistration {
  const handler = { instance: `at-${name}`, kind: 'session', pid: 1, startTime: '-', host: 'box' } as const
  return { name, project: '/p', capabilities: [], topics: [], wakes: 'high', handler }
}

/** A daemon in whose mailbox a message waits for each of `api`, `web` and `agent`. */
async function startMail(): Promise<ManualDaemon & { sent: Record<string, MailboxMessage> }> {
  const daemon = await startManualDaemon()
  const sent: Record<string, MailboxMessage> = {}
  for (const to of ['api', 'web', 'agent']) {
    await daemon.mailbox.register(known(to))
    sent[to] = (await daemon.mailbox.send({ from: me, to, body: `to ${to}` })).message
  }
  return { ...daemon, sent }
}

const take = (agent: string, instance = 'terminal-1') => ({ agent, instance, leaseMs: 60_000, waitMs: 0 })

describe('an agent at a shell', () => {
  test.each([
    ['web', insideWeb],
    ['agent', insideNameless],
  ])('lists, takes, releases, acknowledges and reads its own mail: %s', async (own, environment) => {
    const daemon = await startMail()
    const mail = mailOf(daemon, environment)
    expect(await mail.inbox(own)).toMatchObject([{ body: `to ${own}` }])
    const batch = await mail.next(take(own), never)
    expect(await mail.renew(batch?.take ?? '', 60_000)).toBe(true)
    await mail.release(batch?.take ?? '')
    const again = await mail.next(take(own), never)
    expect(await mail.acknowledge(again?.take ?? '')).toEqual([daemon.sent[own]?.id])
    await daemon.mailbox.send({ from: me, to: own, body: 'more' })
    expect(await mail.read({ agent: own })).toMatchObject([{ body: 'more' }])
  })

  test.each([
    ['web', insideWeb],
    ['agent', insideNameless],
  ])('has no access to the mail of others: %s', async (own, environment) => {
    const daemon = await startMail()
    const mail = mailOf(daemon, environment)
    const code = 'invalid-parameter'
    const others = { code, message: `agent: an agent has the mail of '${own}', not of 'api'` }
    await expect(mail.inbox('api')).rejects.toMatchObject(others)
    await expect(mail.read({ agent: 'api' })).rejects.toMatchObject(others)
    await expect(mail.next(take('api'), never)).rejects.toMatchObject(others)
    const held = await daemon.mailbox.next(take('api', 'at-api'), never)
    const id = held?.take ?? ''
    const notTaken = { code, message: `take: '${id}' was not taken by '${own}'` }
    await expect(mail.renew(id, 1)).rejects.toMatchObject(notTaken)
    await expect(mail.release(id)).rejects.toMatchObject(notTaken)
    await expect(mail.acknowledge(id)).rejects.toMatchObject(notTaken)
    expect(await daemon.mailbox.inbox('api')).toMatchObject([{ status: 'held', tries: 0 }])
  })

  test.each([
    ['web', insideWeb],
    ['agent', insideNameless],
  ])('reads its own threads and revives its own dead letters only: %s', async (own, environment) => {
    const daemon = await startMail()
    for (const name of ['api', own]) {
      for (let tries = 0; tries < 2; tries += 1) {
        daemon.clock.advance(1_000)
        const batch = await daemon.mailbox.next(take(name), never)
        await daemon.mailbox.release(batch?.take ?? '', { failure: 'no' })
      }
    }
    expect(await daemon.mailbox.dead({})).toHaveLength(2)
    const mail = mailOf(daemon, environment)
    const [ours, theirs] = [daemon.sent[own], daemon.sent['api']]
    expect(await mail.threads({})).toMatchObject([{ id: ours?.thread }])
    expect(await mail.count({ of: 'threads' })).toBe(1)
    expect(await mail.thread(ours?.thread ?? '')).toMatchObject([{ id: ours?.id }, { kind: 'notice' }])
    expect(await mail.thread(theirs?.thread ?? '')).toEqual([])
    expect(await mail.dead({})).toMatchObject([{ id: ours?.id }])
    await expect(mail.dead({ agent: 'api' })).rejects.toThrow('not of')
    await expect(mail.threads({ agent: 'api' })).rejects.toThrow('not of')
    await expect(mail.revive(theirs?.id ?? '')).rejects.toMatchObject({ code: 'unknown-message' })
    expect(await mail.revive(ours?.id ?? '')).toMatchObject({ id: ours?.id })
  })

  test('cannot take as a connected session, which would release the messages of that', async () => {
    const daemon = await startMail()
    await daemon.mailbox.next(take('api', 'at-api'), never)
    const stealing = mailOf(daemon, insideWeb).next(take('web', 'at-api'), never)
    await expect(stealing).rejects.toThrow("instance: 'at-api' is somebody who is there")
    expect(await daemon.mailbox.inbox('api')).toMatchObject([{ status: 'held' }])
  })
})

describe('all mail of the mailbox', () => {
  test.each([
    ['a person', {}],
    ['a person who names a mailbox', { SUBAGENT_MCP_MAILBOX: 'web' }],
  ])('is open to %s', async (_, environment) => {
    const daemon = await startMail()
    const mail = mailOf(daemon, environment)
    expect(await mail.inbox('api')).toHaveLength(1)
    const batch = await mail.next(take('api'), never)
    expect(await mail.acknowledge(batch?.take ?? '')).toEqual([daemon.sent['api']?.id])
  })
})

test('is refused for a malformed asker header', async () => {
  const daemon = await startMail()
  const inbox = '/v1/mail/inbox?agent=api'
  for (const header of ['x', '%', encodeURIComponent('{"pid":0,"environment":{}}')]) {
    const answer = await sendRequest(daemon, { path: inbox, headers: { 'subagent-mcp-asker': header } })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('subagent-mcp-asker')])
  }
  expect((await sendRequest(daemon, { path: inbox })).status).toBe(200)
})
