import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { connect } from '@nats-io/transport-node'
import { afterEach, describe, expect, test } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from './fleet.test.support.js'
import { formatMessageSubject } from './jetstream/subjects.js'

describe('mail of other versions', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('a message of a newer format is listed, and left to newer machines', async () => {
    const nats = await startNats()
    runAtEnd(() => nats.end())
    const connection = await connect({ servers: nats.url.replace('nats://', '') })
    runAtEnd(() => connection.close())
    const { mailbox } = await openFleetMachine('old', { url: nats.url })
    runAtEnd(() => mailbox.close())
    const handler = { instance: 'i', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
    await mailbox.register(registrationOf(handler))
    const about = { to: 'worker', urgency: 'work', kind: 'direct', from: 'boss' } as const
    const roles = { opens: true, addsSender: true, addsReceiver: true }
    const subject = formatMessageSubject('subagent-mcp', { ...about, ...roles, thread: 'new', id: 'new' })
    await connection.request(subject, JSON.stringify({ v: 2, text: 'what this version cannot read' }))
    await mailbox.send({ from: boss, to: 'worker', body: 'after it', thread: 'new' })
    await mailbox.send({ from: boss, to: 'worker', body: 'other' })
    const options = { agent: 'worker', instance: 'i', leaseMs: 60_000, waitMs: 0 }
    const batch = await mailbox.next(options, new AbortController().signal)
    expect(batch?.messages).toMatchObject([{ body: 'other' }])
    const listed = await mailbox.inbox('worker')
    expect(listed).toMatchObject([
      { id: 'new', thread: 'new', from: { name: 'boss' }, status: 'waiting' },
      { body: 'after it', status: 'waiting' },
      { body: 'other', status: 'held' },
    ])
    expect(listed[0]?.body).toContain('Update subagent-mcp')
  })
})
