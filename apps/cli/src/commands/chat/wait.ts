import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { handOver } from '../../terminal/hand-over.js'
import { jsonText } from '../../terminal/json-text.js'
import { ownMailName } from '../../terminal/mail-sender.js'
import { messageText, shortText } from '../../terminal/mail-text.js'
import { takeMail, type Taken } from '../../terminal/take-mail.js'
import { untilInterrupted } from '../../terminal/until-interrupted.js'
import { chatWaitFlags, readChatWaitOrder, type ChatWaitOrder } from './chat-order.js'

/** Waits for a message. */
export const chatWait = defineCommand({
  meta: {
    name: 'wait',
    description:
      'Wait for one message to you, and print it: it is read by that. Exits 124 when the time is over',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'For one to this agent instead' },
    ...chatWaitFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readChatWaitOrder(rawArgs)
    await atTerminal((desk) => waitForMail(order, desk))
  },
})

/** Prints the next message. What is not printed is not acknowledged. */
export async function waitForMail(
  { timeoutSeconds = Infinity, json, ...order }: ChatWaitOrder,
  desk: Desk,
): Promise<number> {
  const { stdout, stderr, now } = desk.terminal
  const { agent = ownMailName(desk.terminal), thread } = order
  const until = now() + timeoutSeconds * 1000
  return untilInterrupted(desk.terminal, async (signal) => {
    const next = takeMail({ agent, until, signal, ...(thread !== undefined && { thread }) }, desk)
    let taken: Taken | undefined
    while (!taken && !signal.aborted) {
      taken = await next()
      if (!taken && now() >= until) {
        await stderr.print(`no message for '${shortText(agent)}' came in time\n`)
        return exitCode.timedOut
      }
    }
    if (!taken) return exitCode.interrupted
    const { message } = taken
    const text = json ? `${jsonText(message, 2)}\n` : messageText(message, stdout.paint)
    const isRead = await handOver(taken, () => stdout.print(text), desk)
    return isRead ? exitCode.done : exitCode.failed
  })
}
