import { mailPageSizes } from '@subagent-mcp/contract'
import type { MailboxMessage, SentMessage } from '@subagent-mcp/mailbox'
import { exitCode } from '../../exit.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import { printJson } from '../../terminal/print.js'
import { formatMailBody, formatMailMessage, escapeMailName } from './mail-text.js'
import { printLeasedMail, createMailLeaser, type LeasedMailMessage } from './take-mail.js'

/** A sent message, and the time limit for its reply. Default: no time limit. */
export type AwaitReplyOptions = { sent: SentMessage; seconds?: number; json: boolean }

/**
 * Waits for the reply to a message and prints it. Other messages to the sender in its thread are printed on stderr;
 * other threads are not touched.
 */
export async function awaitMailReply(
  { sent, seconds = Infinity, json }: AwaitReplyOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  const { from, thread } = sent.message
  const until = terminal.now() + seconds * 1000
  return runUntilCtrlC(terminal, async (signal) => {
    const next = createMailLeaser({ agent: from.name, thread, until, signal }, context)
    // If the message was already sent by an earlier command, its reply may have arrived, and no further message comes.
    let taken = await next(sent.repeated ? 0 : undefined)
    for (;;) {
      const end = taken?.message ?? (await readElsewhere(sent, context))
      if (end?.replyTo === sent.message.id) return printEnd({ end, taken, sent, json }, context)
      if (signal.aborted || (!taken && terminal.now() >= until)) return printNoReply(sent, json, context)
      if (taken && !(await printOther(taken, context))) return exitCode.failed
      taken = await next()
    }
  })
}

/** Returns the reply to a message, or the notice that no reply will come, even if another process with this mailbox name has read it. */
async function readElsewhere(
  { message }: SentMessage,
  { client }: CommandContext,
): Promise<MailboxMessage | undefined> {
  const messages = await client.mail.thread(message.thread, { limit: mailPageSizes.longest })
  const isDead = messages.some(({ id, status }) => id === message.id && status === 'dead')
  const read = messages.filter(({ replyTo, status }) => replyTo === message.id && status === 'handled')
  // The notice that no reply will come does not count if the user has sent the failed message again since.
  return read.findLast(({ kind }) => isDead || kind !== 'notice')
}

type ReplyEnd = {
  end: MailboxMessage
  taken: LeasedMailMessage | undefined
  sent: SentMessage
  json: boolean
}

async function printEnd({ end, taken, sent, json }: ReplyEnd, context: CommandContext): Promise<number> {
  const { stdout, stderr } = context.terminal
  const isReply = end.kind !== 'notice'
  const print = async (): Promise<void> => {
    if (json) await printJson({ stdout }, { ...sent, [isReply ? 'reply' : 'notice']: end })
    else if (isReply) await stdout.print(`${formatMailBody(end.body)}\n`)
    if (!isReply) await stderr.print(`${stderr.paint('red', formatMailBody(end.body))}\n`)
  }
  if (taken && !(await printLeasedMail(taken, print, context))) return exitCode.failed
  if (!taken) await print()
  return isReply ? exitCode.done : exitCode.failed
}

async function printNoReply(sent: SentMessage, json: boolean, { terminal }: CommandContext): Promise<number> {
  const { to, thread, from } = sent.message
  const { stderr } = terminal
  if (json) await printJson(terminal, sent)
  const later = `it is sent; the reply will wait in: subagent-mcp chat inbox ${escapeMailName(from.name)}`
  await stderr.print(
    `no reply from '${escapeMailName(to)}' in thread ${escapeMailName(thread)} so far; ${later}\n`,
  )
  return exitCode.failed
}

/** Prints a message of the thread that is not the reply. Returns false if the reader has closed stdout. */
function printOther(taken: LeasedMailMessage, context: CommandContext): Promise<boolean> {
  const { stderr } = context.terminal
  return printLeasedMail(taken, () => stderr.print(formatMailMessage(taken.message, stderr.paint)), context)
}
