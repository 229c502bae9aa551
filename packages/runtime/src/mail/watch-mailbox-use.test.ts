import { createManualClock } from '@subagent-mcp/testkit'
import { openMemoryMailbox, type Mailbox, type MailRegistration } from '@subagent-mcp/mailbox'
import { beforeEach, expect, test } from 'vitest'
import { watchMailboxUse } from './watch-mailbox-use.js'

let mailbox: Mailbox
const clock = createManualClock()

beforeEach(() => {
  mailbox = openMemoryMailbox()
  end = new AbortController()
})

let end = new AbortController()
const use = (over = mailbox) => watchMailboxUse({ mailbox: over, clock, name: () => 'me', left: end.signal })

async function register(name: string, kind: MailRegistration['handler']['kind'] = 'session'): Promise<void> {
  const handler = { instance: `${name} ${kind}`, kind, pid: 1, startTime: '-', host: 'box' }
  const rest = { project: '/p', capabilities: [], topics: [], wakes: 'high' } as const
  await mailbox.register({ name, handler, ...rest })
}

const sender = { name: 'ann', host: 'box', through: 'terminal' } as const

test('a host that is alone has no use for the mailbox', async () => {
  await register('me')
  await mailbox.send({ from: sender, to: 'me', body: 'read' })
  await mailbox.read({ agent: 'me' })
  expect(await use().isUsed()).toBe(false)
})

test.each<[string, () => Promise<unknown>]>([
  ['another host', () => register('other')],
  ['a worker under the same name', () => register('me', 'worker')],
  [
    'a message',
    async () => {
      await register('me')
      await mailbox.send({ from: sender, to: 'me', body: 'hello' })
    },
  ],
])('%s is one, and is reported once', async (_, come) => {
  const used = use()
  let reports = 0
  used.onUsed(() => (reports += 1))
  await come()
  clock.advance(200)
  await expect.poll(() => reports).toBe(1)
  await register('third')
  clock.advance(200)
  await mailbox.leave('other session')
  expect(await used.isUsed()).toBe(true)
  expect(reports).toBe(1)
  end.abort()
})

test('another agent that has left is none, and after the end nothing is reported', async () => {
  await register('other')
  await mailbox.leave('other session')
  const used = use()
  used.onUsed(() => expect.fail('reported'))()
  await register('third')
  clock.advance(200)
  await mailbox.leave('third session')
  expect(await used.isUsed()).toBe(false)
})

test('a mailbox that cannot be read has no use', async () => {
  await mailbox.close()
  expect(await use().isUsed()).toBe(false)
})

test('a mailbox that answers late does not hold up a list, and is reported when it has answered', async () => {
  await register('other')
  let answer = (): void => undefined
  const late = new Promise<void>((resolve) => (answer = resolve))
  const slow = { ...mailbox, agents: () => late.then(mailbox.agents) }
  const used = use(slow)
  let reports = 0
  used.onUsed(() => (reports += 1))
  const asked = used.isUsed()
  clock.advance(250)
  expect(await asked).toBe(false)
  answer()
  await expect.poll(() => reports).toBe(1)
  expect([await used.isUsed(), reports]).toEqual([true, 1])
})
