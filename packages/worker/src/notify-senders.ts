import { SubagentError } from '@subagent-mcp/contract'
import type { Message } from '@subagent-mcp/mailbox'
import { isUnreachable, errorLine } from './describe-error.js'
import type { Worker } from './open-worker.js'

type BlockReason = { reason: string; hint?: string }

/** Messages that came after one, by its `seq`. */
export type InboxPosition = { after: number; stop: AbortSignal }

/**
 * Tells the sender of each message that waits for a reply why it waits and what mends that: once for each message,
 * because the mailbox knows the key. Returns the `seq` up to which messages were looked at; where the mailbox cannot be
 * reached, the next call goes on from there. Never rejects.
 */
export async function notifySenders(
  worker: Worker,
  block: BlockReason,
  { after, stop }: InboxPosition,
): Promise<number> {
  const { mail, options, log } = worker
  let told = after
  try {
    // Once it is to stop, asking could start a daemon.
    const inbox = stop.aborted ? [] : await mail.inbox(options.name, { after })
    for (const message of inbox) {
      if (stop.aborted) return told
      if (waitsForReply(message)) await notifySender(worker, message, block)
      told = message.seq
    }
  } catch (error) {
    if (!isUnreachable(error)) log({ type: 'trouble', problem: errorLine(error) })
  }
  return told
}

/** A note of ours expects no reply: two blocked workers would else write to each other for ever. */
function waitsForReply({ kind, status, expectsReply, repliedBy }: Message): boolean {
  return kind === 'direct' && status === 'waiting' && expectsReply && repliedBy === undefined
}

async function notifySender({ mail, options }: Worker, message: Message, block: BlockReason): Promise<void> {
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
    // It was told before, in other words.
    if (!(error instanceof SubagentError) || error.code !== 'invalid-parameter') throw error
  }
}

function noteOn({ id, to }: Message, { reason, hint }: BlockReason): string {
  return [
    `${to} takes no messages now. ${reason}`,
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    `Your message ${id} waits, and ${to} answers it when this is mended. You need not send it again.`,
  ].join('\n')
}
