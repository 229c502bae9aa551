import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { text, timeSpan, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { handOver } from '../../terminal/hand-over.js'
import { jsonText } from '../../terminal/json-text.js'
import { ownMailName } from '../../terminal/mail-sender.js'
import { messageText, shortText } from './mail-text.js'
import { takeMail, type Taken } from './take-mail.js'
import { untilInterrupted } from '../../terminal/until-interrupted.js'
import { mailNameWord } from './mail-list.js'

/** How `chat wait` is called. */
export const chatWaitSpec = commandSpec({
  description: 'Wait for one message to you, print it and mark it as read',
  details: ['Exits 124 if none came in time.'],
  words: { agent: mailNameWord('Wait for one to this agent instead') },
  flags: {
    thread: text('id', 'Only a message of this thread').exactOptional(),
    timeout: timeSpan('Give up after this time, as in 90s or 15m (default: never)').exactOptional(),
    json: toggle('Print the message as JSON'),
  },
})

/** Waits for a message. */
export const chatWait = defineCommand(chatWaitSpec, (args) => atTerminal((desk) => waitForMail(args, desk)))

/** Prints the next message. What is not printed is not acknowledged. */
export async function waitForMail(
  { timeout: timeoutSeconds = Infinity, json, ...args }: ArgsOf<typeof chatWaitSpec>,
  desk: Desk,
): Promise<number> {
  const { stdout, stderr, now } = desk.terminal
  const { agent = ownMailName(desk.terminal), thread } = args
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
