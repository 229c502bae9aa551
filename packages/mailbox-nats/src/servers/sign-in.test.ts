import { readFileSync, rmSync } from 'node:fs'
import { SubagentError } from '@subagent-mcp/contract'
import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { runAtEnd, ending } from '../run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from '../fleet.test.support.js'
import type { NatsMailboxOptions } from '../open-nats-mailbox.js'
import { makeCertificates, makeCredentials } from './sign-in.test.support.js'

describe('signing in', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('by TLS, a certificate of one’s own, user and password', async () => {
    const { folder, ca, more } = makeCertificates()
    removeAtEnd(folder)
    const url = await server(`${more}\nauthorization { user: me, password: s3cret }`)
    const reached = await opened({ url: url.replace('nats://', 'tls://me:s3cret@'), ca })
    expect(reached).toEqual({ kind: 'nats', where: url.replace('nats://', 'tls://'), reachable: true })

    const wrong = await opened({ url: url.replace('nats://', 'tls://me:wr0ng@'), ca })
    expect(wrong['code']).toBe('mailbox-unreachable')
    expect(wrong['hint']).toContain('credentials')
    const unknown = await opened({ url: url.replace('nats://', 'tls://me:s3cret@') })
    expect(unknown).toMatchObject({ code: 'mailbox-unreachable' })
    for (const shown of [reached, wrong, unknown]) expect(JSON.stringify(shown)).not.toMatch(/s3cret|wr0ng/)
  })

  test('by a credentials file', async () => {
    const { folder, credentials, more } = makeCredentials()
    removeAtEnd(folder)
    const url = await server(more)
    expect(await opened({ url, credentials })).toMatchObject({ reachable: true })
    expect(await opened({ url })).toMatchObject({ code: 'mailbox-unreachable' })
    expect(await opened({ url, credentials: `${credentials}.none` })).toMatchObject({
      code: 'config-unreadable',
    })
  })

  test('by a user with the permissions that docs/fleet.md lists', async () => {
    const fleet = readFileSync(new URL('../../../../docs/fleet.md', import.meta.url), 'utf8')
    const permissions = /permissions: (\{[^}]*\})/.exec(fleet)?.[1] ?? ''
    const user = `{ user: fleet, password: s3cret, permissions: ${permissions} }`
    const url = await server(`accounts { MAIL { jetstream: enabled, users: [ ${user} ] } }`)
    const { mailbox, logged } = await openFleetMachine('one', {
      url: url.replace('nats://', 'nats://fleet:s3cret@'),
    })
    runAtEnd(() => mailbox.close())
    const handler = { instance: 'i', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
    await mailbox.register(registrationOf(handler))
    const { message } = await mailbox.send({ from: boss, to: 'worker', body: 'hello' })
    const options = { agent: 'worker', instance: 'i', leaseMs: 60_000, waitMs: 10_000 }
    const batch = await mailbox.next(options, new AbortController().signal)
    await mailbox.reply({ from: { ...boss, name: 'worker' }, message: message.id, body: 'hi' })
    await mailbox.acknowledge(batch?.take ?? '')
    expect(await mailbox.waiting()).toMatchObject([{ agent: 'boss', messages: 1 }])
    expect(logged).toEqual([])
  })

  test('a user without JetStream is told so', async () => {
    const url = await server('accounts { A { users: [{ user: a, password: b }] } }')
    const failed = await opened({ url: url.replace('nats://', 'nats://a:b@'), deadlineMs: 500 })
    expect(failed['code']).toBe('mailbox-unreachable')
    expect(failed['hint']).toContain('JetStream')
  })

  test('where no server is, it is said without what is secret', async () => {
    const failed = await opened({ url: 'nats://me:s3cret@127.0.0.1:1' })
    expect(failed['code']).toBe('mailbox-unreachable')
    expect(failed['message']).toContain('nats://127.0.0.1:1')
    expect(JSON.stringify(failed)).not.toContain('s3cret')
  })
})

async function server(more: string): Promise<string> {
  const nats = await startNats(more)
  runAtEnd(() => nats.end())
  return nats.url
}

/** How a mailbox that was opened is, or with what that failed, all that can be printed of it. */
async function opened(
  options: Pick<NatsMailboxOptions, 'url'> & Partial<NatsMailboxOptions>,
): Promise<Record<string, unknown>> {
  try {
    const { mailbox } = await openFleetMachine('one', options)
    runAtEnd(() => mailbox.close())
    return await mailbox.health()
  } catch (cause) {
    if (!(cause instanceof SubagentError)) throw cause
    const { code, message, hint } = cause
    return { code, message, hint, cause: String(cause.cause), stack: cause.stack }
  }
}

function removeAtEnd(folder: string): void {
  runAtEnd(() => {
    rmSync(folder, { recursive: true })
    return Promise.resolve()
  })
}
