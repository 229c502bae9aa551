import type { Batch, Message } from '@subagent-mcp/mailbox'
import { randomUUID } from 'node:crypto'
import type { Desk } from '../../terminal/command-context.js'

/** Whose next message, of which thread, and until when (Unix ms) to wait for it. */
export type TakeOrder = { agent: string; thread?: string; until: number; signal: AbortSignal }

/** A message that was taken: to be acknowledged, or given back. */
export type Taken = Pick<Batch, 'take'> & { message: Message }

/**
 * Takes an agent's messages one at a time, oldest first: nothing is held that is not shown yet. Each call blocks for a
 * while at most, and comes back without a message then.
 */
export function takeMail(
  { agent, thread, until, signal }: TakeOrder,
  { client, terminal }: Desk,
): (longestMs?: number) => Promise<Taken | undefined> {
  const instance = `terminal-${randomUUID()}`
  const order = { agent, instance, leaseMs, limit: 1, ...(thread !== undefined && { thread }) }
  return async (longestMs = longestLook) => {
    const waitMs = Math.max(0, Math.min(longestMs, until - terminal.now()))
    const batch = await client.mail.next({ ...order, waitMs }, signal)
    const message = batch?.messages[0]
    return batch && message && { take: batch.take, message }
  }
}

/** For what is printed at once: where that fails it comes again soon. */
const leaseMs = 30_000
const longestLook = 20_000
