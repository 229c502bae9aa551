import { systemClock } from '@subagent-mcp/contract'
import { checkForLeaks, needsNats, startNats, startLimit } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { atEnd, ending } from './endings.test.support.js'
import { boss, openFleetMachine, type FleetMachine, registrationOf } from './fleet.test.support.js'
import { startProxy } from './proxy.test.support.js'

describe('a batch that comes late', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('is not handed out when another has handled it meanwhile', async () => {
    const nats = await startNats()
    atEnd(() => nats.end())
    const proxy = await startProxy(nats.url)
    atEnd(() => proxy.end())
    const [slow, other] = [await open('slow', proxy.url), await open('other', nats.url)]
    const { message } = await other.mailbox.send({ from: boss, to: 'worker', body: 'once' })
    await vi.waitFor(async () => expect(await slow.mailbox.inbox('worker')).toHaveLength(1))

    proxy.mute()
    const late = take(slow, 4_000)
    const seenByOther = async (): Promise<string | undefined> =>
      (await other.mailbox.inbox('worker'))[0]?.status
    await vi.waitFor(async () => expect(await seenByOther()).toBe('held'))
    const batch = await take(other, 4_000)
    expect(batch?.messages.map(({ id }) => id)).toEqual([message.id])
    expect(await other.mailbox.acknowledge(batch?.take ?? '')).toEqual([message.id])
    proxy.cut()
    proxy.mend()
    expect(await late).toBeUndefined()
  })

  test('is not what one seems to be whose machine’s clock was set', async () => {
    const nats = await startNats()
    atEnd(() => nats.end())
    let ahead = 0
    const clock = { ...systemClock, now: () => Date.now() + ahead }
    const machine = await open('jumping', nats.url, clock)
    await machine.mailbox.send({ from: boss, to: 'worker', body: 'once' })
    ahead = 3_600_000
    expect((await take(machine, 4_000, 60_000))?.messages).toHaveLength(1)
  })

  test('is not waited for when the mailbox is closed and no server answers', async () => {
    const nats = await startNats()
    atEnd(() => nats.end())
    const { mailbox, ...closing } = await open('closing', nats.url)
    await mailbox.send({ from: boss, to: 'worker', body: 'once' })
    await nats.kill()
    const taking = take({ mailbox, ...closing }, 60_000)
    await new Promise(setImmediate)
    const limit = startLimit(6_000)
    await mailbox.close()
    expect(await limit.isOver()).toBe(false)
    expect(await taking).toBeUndefined()
  })
})

async function open(name: string, url: string, clock = systemClock): Promise<FleetMachine> {
  const machine = await openFleetMachine(name, { url, clock })
  atEnd(() => machine.mailbox.close())
  const handler = { instance: name, kind: 'worker', pid: 1, startTime: 'now', host: name } as const
  const order = registrationOf(handler)
  await machine.mailbox.register(order)
  return machine
}

async function take({ name, mailbox }: FleetMachine, waitMs: number, leaseMs = 300) {
  const order = { agent: 'worker', instance: name, leaseMs, waitMs }
  return await mailbox.next(order, new AbortController().signal)
}
