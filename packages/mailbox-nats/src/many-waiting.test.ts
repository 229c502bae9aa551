import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from './fleet.test.support.js'
import { startProxy } from './proxy.test.support.js'

/** The messages that wait: fewer in `npm test` than in a soak. */
const waiting = process.env['SOAK'] === undefined ? 5_000 : 20_000

describe('a machine that joins while many messages wait', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('takes, lists and counts without reading them all', async () => {
    const nats = await startNats()
    runAtEnd(() => nats.end())
    const { mailbox: sender } = await openFleetMachine('sender', { url: nats.url })
    runAtEnd(() => sender.close())
    await sender.register(registrationOf(handlerOf('first')))
    const body = 'a line of text, as long as many are'
    for (let sent = 0; sent < waiting; sent += 500)
      await Promise.all(Array.from({ length: 500 }, () => sender.send({ from: boss, to: 'worker', body })))
    const proxy = await startProxy(nats.url)
    runAtEnd(() => proxy.end())
    const { mailbox } = await openFleetMachine('new', { url: proxy.url })
    runAtEnd(() => mailbox.close())
    await mailbox.register(registrationOf(handlerOf('new')))
    const options = { agent: 'worker', instance: 'new', leaseMs: 60_000, waitMs: 10_000, limit: 4 }
    const batch = await mailbox.next(options, new AbortController().signal)
    expect(batch?.messages).toHaveLength(4)
    expect(await mailbox.inbox('worker', { limit: 10 })).toHaveLength(10)
    expect(await mailbox.count({ of: 'inbox', agent: 'worker' })).toBe(waiting)
    expect(await mailbox.count({ of: 'threads' })).toBe(waiting)
    expect(await mailbox.threads({ limit: 3 })).toHaveLength(3)
    expect(await mailbox.waiting()).toMatchObject([{ agent: 'worker', messages: waiting - 4 }])
    expect(await mailbox.agents()).toMatchObject([{ name: 'boss' }, { name: 'worker', waiting }])
    // Each of the messages has more than 300 bytes on the servers: together 1.5 MB or more.
    expect(proxy.received()).toBeLessThan(150_000)
  })
})

function handlerOf(instance: string) {
  return { instance, kind: 'worker', pid: 1, startTime: 'now', host: instance } as const
}
