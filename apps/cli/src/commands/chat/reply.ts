import { pageSizes } from '@subagent-mcp/contract'
import { type Message, type Sent } from '@subagent-mcp/mailbox'
import { exitCode } from '../../exit.js'
import { handOver } from '../../terminal/hand-over.js'
import { jsonText } from '../../terminal/json-text.js'
import type { Desk } from '../../terminal/command-context.js'
import { bodyText, messageText, shortText } from './mail-text.js'
import { takeMail, type Taken } from './take-mail.js'
import { untilInterrupted } from '../../terminal/until-interrupted.js'

/** What was sent, and how long to wait for its reply: without a time for as long as it takes. */
export type ReplyOptions = { sent: Sent; seconds?: number; json: boolean }

/**
 * Waits for the reply to a message, and prints it. What else comes to the sender in its thread is shown on the way, on
 * stderr; of other threads nothing is touched.
 */
export async function awaitReply(
  { sent, seconds = Infinity, json }: ReplyOptions,
  desk: Desk,
): Promise<number> {
  const { terminal } = desk
  const { from, thread } = sent.message
  const until = terminal.now() + seconds * 1000
  return untilInterrupted(terminal, async (signal) => {
    const next = takeMail({ agent: from.name, thread, until, signal }, desk)
    // What was sent before may have its reply already, and nothing comes any more.
    let taken = await next(sent.repeated ? 0 : undefined)
    for (;;) {
      const end = taken?.message ?? (await readElsewhere(sent, desk))
      if (end?.replyTo === sent.message.id) return tellEnd({ end, taken, sent, json }, desk)
      if (signal.aborted || (!taken && terminal.now() >= until)) return tellNone(sent, json, desk)
      if (taken && !(await tellOther(taken, desk))) return exitCode.failed
      taken = await next()
    }
  })
}

/** The reply, or the notice that there will be none, which another process of this name has read. */
async function readElsewhere({ message }: Sent, { client }: Desk): Promise<Message | undefined> {
  const messages = await client.mail.thread(message.thread, { limit: pageSizes.longest })
  const isDead = messages.some(({ id, status }) => id === message.id && status === 'dead')
  const read = messages.filter(({ replyTo, status }) => replyTo === message.id && status === 'handled')
  // A dead letter may have been revived since.
  return read.findLast(({ kind }) => isDead || kind !== 'notice')
}

type Told = { end: Message; taken: Taken | undefined; sent: Sent; json: boolean }

async function tellEnd({ end, taken, sent, json }: Told, desk: Desk): Promise<number> {
  const { stdout, stderr } = desk.terminal
  const isReply = end.kind !== 'notice'
  const print = async (): Promise<void> => {
    if (json) await stdout.print(`${jsonText({ ...sent, [isReply ? 'reply' : 'notice']: end }, 2)}\n`)
    else if (isReply) await stdout.print(`${bodyText(end.body)}\n`)
    if (!isReply) await stderr.print(`${stderr.paint('red', bodyText(end.body))}\n`)
  }
  if (taken && !(await handOver(taken, print, desk))) return exitCode.failed
  if (!taken) await print()
  return isReply ? exitCode.done : exitCode.failed
}

async function tellNone(sent: Sent, json: boolean, { terminal }: Desk): Promise<number> {
  const { to, thread, from } = sent.message
  const { stdout, stderr } = terminal
  if (json) await stdout.print(`${jsonText(sent, 2)}\n`)
  const later = `it is sent; the reply waits in: subagent-mcp chat inbox ${shortText(from.name)}`
  await stderr.print(`no reply of '${shortText(to)}' in thread ${shortText(thread)} so far; ${later}\n`)
  return exitCode.failed
}

/** What has nothing to do with the message but its thread. False where nobody reads it. */
function tellOther(taken: Taken, desk: Desk): Promise<boolean> {
  const { stderr } = desk.terminal
  return handOver(taken, () => stderr.print(messageText(taken.message, stderr.paint)), desk)
}
