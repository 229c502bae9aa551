import { systemClock } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { expect, test } from 'vitest'
import { createCallerMail, type ConnectionMail } from './caller-mail.js'
import { openTestMailbox } from './open-mailbox.test.support.js'

const never = new AbortController().signal
const person = { name: 'me', host: 'box', through: 'terminal' } as const

/** A host in a project for which a message waits. */
async function visit(mailbox: Mailbox): Promise<ConnectionMail> {
  const log = (line: string): void => {
    throw new Error(line)
  }
  const place = { caller: 'c1', root: '/work/app', depth: 0, environment: {}, pid: process.pid }
  const mail = createCallerMail({ mailbox, host: 'box', clock: systemClock, log })(place)
  if (!mail) throw new Error('no mail')
  await mail.port.inbox(9)
  await mailbox.send({ from: person, to: 'app', body: 'hi' })
  return mail
}

/** The host's unread messages after it has disconnected, and after `go` has let late mailbox calls finish. */
async function waitingAfter(mailbox: Mailbox, go: () => void) {
  await new Promise(setImmediate)
  go()
  await expect.poll(async () => (await mailbox.agents())[0]?.handlers).toEqual([])
  return await mailbox.inbox('app')
}

/** A promise that a test resolves with `open`. */
function createGate(): { isOpen: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const isOpen = new Promise<void>((resolve) => (open = resolve))
  return { isOpen, open }
}

test('mail that a caller has not received is released before it leaves, though that takes two requests', async () => {
  const { mailbox } = openTestMailbox()
  const { isOpen, open } = createGate()
  const release: Mailbox['release'] = async (...order) => isOpen.then(() => mailbox.release(...order))
  const { port, leave } = await visit({ ...mailbox, release })
  expect((await port.wait({ timeoutMs: 0, signal: never })).messages).toHaveLength(1)
  leave()
  expect(await waitingAfter(mailbox, open)).toMatchObject([{ status: 'waiting', tries: 0 }])
})

test('mail that a caller has received is read, though it leaves immediately', async () => {
  const { mailbox } = openTestMailbox()
  const { isOpen, open } = createGate()
  const acknowledge: Mailbox['acknowledge'] = async (...order) =>
    isOpen.then(() => mailbox.acknowledge(...order))
  const { port, leave } = await visit({ ...mailbox, acknowledge })
  const { received } = await port.news()
  received()
  leave()
  expect(await waitingAfter(mailbox, open)).toEqual([])
})

test('mail that is being sent to a caller that leaves counts as no try', async () => {
  const { mailbox } = openTestMailbox()
  const { isOpen, open } = createGate()
  const next: Mailbox['next'] = async (...order) => {
    const batch = await mailbox.next(...order)
    await isOpen
    return batch
  }
  const { port, leave } = await visit({ ...mailbox, next })
  const news = port.news()
  await expect.poll(async () => (await mailbox.inbox('app'))[0]?.status).toBe('held')
  leave()
  expect(await waitingAfter(mailbox, open)).toMatchObject([{ status: 'waiting', tries: 0 }])
  expect((await news).messages).toEqual([])
})
