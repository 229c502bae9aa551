import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine } from './fleet.test.support.js'
import { startMachineProcess, untilPrinted } from './machine-processes.test.support.js'

const threads = ['t1', 't2', 't3', 't4']
const rounds = 10

describe('two machines of one agent', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('killed in the middle, reply once to each message, in the order of each thread', async () => {
    const nats = await startNats()
    runAtEnd(() => nats.end())
    const { mailbox } = await openFleetMachine('boss', { url: nats.url })
    runAtEnd(() => mailbox.close())
    const at = { url: nats.url, agent: 'worker' }
    const first = startMachineProcess({ ...at, name: 'first' })
    await vi.waitFor(async () => expect(await mailbox.agents()).toHaveLength(1), 10_000)
    for (let round = 1; round <= rounds; round += 1)
      for (const thread of threads)
        await mailbox.send({ from: boss, to: 'worker', body: `${thread} ${round}`, thread })
    const second = startMachineProcess({ ...at, name: 'second' })
    await untilPrinted([first, second], 8)
    await first.kill()
    await untilPrinted([first, second], 16)
    const third = startMachineProcess({ ...at, name: 'third' })
    await second.kill()
    await vi.waitFor(
      async () => expect(await mailbox.count({ of: 'inbox', agent: 'worker' })).toBe(0),
      60_000,
    )
    for (const thread of threads) {
      const messages = await mailbox.thread(thread)
      const texts = (name: string) =>
        messages.filter(({ from }) => from.name === name).map(({ body }) => body)
      const asked = Array.from({ length: rounds }, (_, index) => `${thread} ${index + 1}`)
      expect(texts('boss')).toEqual(asked)
      expect(texts('worker')).toEqual(asked.map((body) => `re: ${body}`))
    }
    expect(third.lines.length).toBeGreaterThan(0)
  })
})
