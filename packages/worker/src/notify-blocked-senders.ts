import { SubagentError } from '@subagent-mcp/contract'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { isUnreachableError, formatErrorOnOneLine } from './describe-error.js'
import type { RunningWorker } from './open-worker.js'

type BlockReason = { reason: string; hint?: string }

/** The place in an inbox from which messages are read: after the message with number `after`. */
export type InboxPosition = { after: number; stop: AbortSignal }

/**
 * Tells the sender of each message that waits for a reply why the worker is blocked and what helps, once per
 * message. Returns the number of the last message it looked at; the next call continues there. Never rejects.
 */
export async function notifyBlockedSenders(
  worker: RunningWorker,
  block: BlockReason,
  { after, stop }: InboxPosition,
): Promise<number> {
  const { mail, options, log } = worker
  let told = after
  try {
    // A request could start a daemon although the worker is stopping.
    const inbox = stop.aborted ? [] : await mail.inbox(options.name, { after })
    for (const message of inbox) {
      if (stop.aborted) return told
      if (waitsForReply(message)) await notifySender(worker, message, block)
      told = message.seq
    }
  } catch (error) {
    if (!isUnreachableError(error)) log({ type: 'trouble', problem: formatErrorOnOneLine(error) })
  }
  return told
}

/** Whether a message waits for a reply. Notes of workers never do, or blocked workers would write forever. */
function waitsForReply({ kind, status, expectsReply, repliedBy }: MailboxMessage): boolean {
  return kind === 'direct' && status === 'waiting' && expectsReply && repliedBy === undefined
}

async function notifySender(
  { mail, options }: RunningWorker,
  message: MailboxMessage,
  block: BlockReason,
): Promise<void> {
  const { name, host } = options
  const { id, thread, from } = message
  const order = {
    from: { name, host, through: 'agent' },
    to: from.name,
    thread,
    expectsReply: false,
  } as const
  try {
    await mail.send({ ...order, body: noteOn(message, block), key: `waits:${id}` })
  } catch (error) {
    // The sender was told before, in other words.
    if (!(error instanceof SubagentError) || error.code !== 'invalid-parameter') throw error
  }
}

function noteOn({ id, to }: MailboxMessage, { reason, hint }: BlockReason): string {
  return [
    `${to} takes no messages now. ${reason}`,
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    `Your message ${id} waits, and ${to} answers it when this is repaired. You need not send it again.`,
  ].join('\n')
}
