import type { MessageBatch, MailboxMessage } from '@subagent-mcp/mailbox'
import { randomUUID } from 'node:crypto'
import type { CommandContext } from '../../terminal/command-context.js'

/** Which messages of the mailbox to take: those to an agent, or of one of its conversations, until a time (Unix ms). */
export type TakeMailOptions = { agent: string; thread?: string; until: number; signal: AbortSignal }

/** A message of the mailbox that this process has leased, and must acknowledge or release. */
export type LeasedMailMessage = Pick<MessageBatch, 'take'> & { message: MailboxMessage }

/**
 * Returns a function that takes the next message, oldest first. A call waits up to `longestMs`, and returns `undefined`
 * when no message came.
 */
export function createMailLeaser(
  { agent, thread, until, signal }: TakeMailOptions,
  { client, terminal }: CommandContext,
): (longestMs?: number) => Promise<LeasedMailMessage | undefined> {
  const instance = `terminal-${randomUUID()}`
  const options = { agent, instance, leaseMs, limit: 1, ...(thread !== undefined && { thread }) }
  return async (longestMs = longestCall) => {
    const waitMs = Math.max(0, Math.min(longestMs, until - terminal.now()))
    const batch = await client.mail.next({ ...options, waitMs }, signal)
    const message = batch?.messages[0]
    return batch && message && { take: batch.take, message }
  }
}

/** The lease of a message in milliseconds. It is short, so that another process soon gets a message that was not printed. */
const leaseMs = 30_000
const longestCall = 20_000

/** Prints a leased message and acknowledges it. Releases it and returns false if the reader of stdout has closed the pipe. */
export async function printLeasedMail(
  { take }: Pick<LeasedMailMessage, 'take'>,
  print: () => Promise<void>,
  { client, terminal }: CommandContext,
): Promise<boolean> {
  const unread = new AbortController()
  const unlisten = terminal.onUnread(() => {
    unread.abort()
  })
  try {
    await print()
    if (unread.signal.aborted) await client.mail.release(take)
    else await client.mail.acknowledge(take)
    return !unread.signal.aborted
  } finally {
    unlisten()
  }
}
