import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from './fleet.test.support.js'

describe('a mailbox that is closed', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('gives back what its handlers hold, and that is no try of theirs', async () => {
    const nats = await startNats()
    runAtEnd(() => nats.end())
    const [{ mailbox }, other] = [
      await openMachine('closing', nats.url),
      await openMachine('other', nats.url),
    ]
    const handler = { instance: 'one', kind: 'worker', pid: 1, startTime: 'now', host: 'here' } as const
    await mailbox.register(registrationOf(handler))
    const [first, second] = [await mailbox.send(letter('first')), await mailbox.send(letter('second'))]
    const order = { agent: 'worker', leaseMs: 60_000, waitMs: 0, limit: 1 }
    const never = new AbortController().signal
    expect(await mailbox.next({ ...order, instance: 'one' }, never)).toBeDefined()
    // Of one that is not registered: it may have it still, and leaves when its lease ends.
    expect(await mailbox.next({ ...order, instance: 'terminal' }, never)).toBeDefined()
    await mailbox.close()
    await expect.poll(async () => (await other.mailbox.agents())[0]?.handlers).toEqual([])
    expect(await other.mailbox.inbox('worker')).toMatchObject([
      { id: first.message.id, status: 'waiting', tries: 0 },
      { id: second.message.id, status: 'held', tries: 0 },
    ])
  })
})

const letter = (body: string) => ({ from: boss, to: 'worker', body })

async function openMachine(name: string, url: string) {
  const machine = await openFleetMachine(name, { url })
  runAtEnd(() => machine.mailbox.close())
  return machine
}
