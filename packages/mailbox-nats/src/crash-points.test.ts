import type { Mailbox } from '@subagent-mcp/mailbox'
import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runAtEnd, ending } from './run-at-end.test.support.js'
import { boss, openFleetMachine, registrationOf } from './fleet.test.support.js'
import { startProxy } from './proxy.test.support.js'

/** More writes than the story has, so that the last machines live to its end. */
const points = 34
const rules = { maxTries: 2, backoffMs: 10, longestBackoffMs: 10 }

// A machine that is cut off after each number of its writes stands for a process that dies at each point between them.
describe('a machine that dies between any two of its writes', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test.each([
    ['after the servers got the write', 'forwarded'],
    ['before the servers got the write', 'dropped'],
  ] as const)(
    'leaves each message with one reply and each dead letter with one notice, %s',
    async (_, last) => {
      const nats = await startNats()
      runAtEnd(() => nats.end())
      const { mailbox: other } = await openFleetMachine('other', { url: nats.url, rules })
      runAtEnd(() => other.close())
      const agents = Array.from({ length: points }, (_, point) => `w${point}`)
      const dying = await Promise.all(
        agents.map(async (agent, point) => {
          const proxy = await startProxy(nats.url)
          runAtEnd(() => proxy.end())
          const { mailbox } = await openFleetMachine(agent, { url: proxy.url, rules, deadlineMs: 500 })
          runAtEnd(() => mailbox.close())
          await mailbox.register({ ...registrationOf(handlerOf('dying', agent)), name: agent })
          for (const body of ['1', '2']) await send(other, agent, body, `${agent}-t`)
          await send(other, agent, 'fails', `${agent}-f`)
          return { agent, mailbox, begin: () => proxy.cutAfter(point, last) }
        }),
      )
      await Promise.all(
        dying.map(async ({ agent, mailbox, begin }) => {
          begin()
          await live(mailbox, agent).catch(() => undefined) // it dies
        }),
      )
      await Promise.all(agents.map((agent) => finish(other, agent)))
      for (const agent of agents) {
        const threads = await Promise.all([other.thread(`${agent}-t`), other.thread(`${agent}-f`)])
        const [answered, failed] = threads.map((thread) =>
          thread.map(({ body, kind, status }) => [kind === 'notice' ? kind : body, status]),
        )
        expect([agent, answered]).toEqual([
          agent,
          [
            ['1', 'handled'],
            ['2', 'handled'],
            ['re: 1', 'waiting'],
            ['re: 2', 'waiting'],
          ],
        ])
        expect([agent, failed]).toEqual([
          agent,
          [
            ['fails', 'dead'],
            ['notice', 'waiting'],
          ],
        ])
      }
    },
  )
})

/** Takes all, replies to and acknowledges the first thread, and fails twice with the other. */
async function live(mailbox: Mailbox, agent: string): Promise<void> {
  const never = new AbortController().signal
  const options = { agent, instance: `dying-${agent}`, leaseMs: 3_000, waitMs: 2_000, limit: 3 }
  for (;;) {
    const batch = await mailbox.next(options, never)
    if (batch === undefined) return
    await handle(mailbox, agent, batch)
  }
}

async function finish(mailbox: Mailbox, agent: string): Promise<void> {
  const instance = `other-${agent}`
  await mailbox.register({ ...registrationOf(handlerOf('other', agent)), name: agent })
  const options = { agent, instance, leaseMs: 60_000, waitMs: 1_000, limit: 3 }
  await vi.waitFor(
    async () => {
      const batch = await mailbox.next(options, new AbortController().signal)
      if (batch) await handle(mailbox, agent, batch)
      expect(await mailbox.count({ of: 'inbox', agent })).toBe(0)
    },
    { timeout: 60_000 },
  )
}

async function handle(
  mailbox: Mailbox,
  agent: string,
  { take, messages }: { take: string; messages: readonly { id: string; body: string }[] },
): Promise<void> {
  for (const { id, body } of messages) {
    if (body === 'fails') await mailbox.release(take, { ids: [id], failure: 'no idea' })
    else await mailbox.reply({ from: { ...boss, name: agent }, message: id, body: `re: ${body}` })
  }
  await mailbox.acknowledge(take)
}

function handlerOf(name: string, agent: string) {
  return { instance: `${name}-${agent}`, kind: 'worker', pid: 1, startTime: 'now', host: name } as const
}

async function send(mailbox: Mailbox, to: string, body: string, thread: string): Promise<void> {
  await mailbox.send({ from: { ...boss, name: `boss-${to}` }, to, body, thread })
}
