import { startTestContext, type TestContext } from './context.test.support.js'
import type { LeasedMailMessage } from '../commands/chat/take-mail.js'

/** Senders of messages in tests: a person, and the worker `app`. */
export const annSender = { name: 'ann', host: 'box', through: 'terminal' } as const
export const appSender = { name: 'app', host: 'box', through: 'agent' } as const

/** Starts a test context whose mailbox has a worker `app`, as instance `app-1`, that is subscribed to `ci.>`. */
export async function startMailTest(): Promise<TestContext> {
  const context = await startTestContext()
  const handler = {
    instance: 'app-1',
    kind: 'worker',
    pid: process.pid,
    startTime: '1',
    host: 'box',
  } as const
  const about = { project: '/p', capabilities: [], topics: ['ci.>'], wakes: 'high' } as const
  await context.mailbox.register({ name: 'app', ...about, handler })
  return context
}

/** Takes the worker's next message, after the time for which failed messages wait. */
export async function takeMessage({ mailbox, clock }: TestContext): Promise<LeasedMailMessage> {
  const order = { agent: 'app', instance: 'app-1', leaseMs: 1e9, waitMs: 3_600_000, limit: 1 }
  const taking = mailbox.next(order, new AbortController().signal)
  // What failed before is tried later.
  clock.advance(300_000)
  const batch = await taking
  const message = batch?.messages[0]
  if (!batch || !message) throw new Error('no message came')
  return { take: batch.take, message }
}

/** Takes the worker's next message, and answers it. */
export async function answerMessage(context: TestContext, body: string): Promise<void> {
  const { take, message } = await takeMessage(context)
  await context.mailbox.reply({ from: appSender, message: message.id, body })
  await context.mailbox.acknowledge(take)
}

/** Takes the worker's next message, and fails it. */
export async function failMessage(context: TestContext, failure: string): Promise<void> {
  const { take } = await takeMessage(context)
  await context.mailbox.release(take, { failure })
}
