import { textArg, timeSpanArg, boolArg } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { commandWithDaemon } from '../../terminal/command-context.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import { ownMailboxName } from '../../terminal/person.js'
import { safeJson } from '../../terminal/text.js'
import { mailNameArgument } from './mail-page.js'
import { mailMessageText, safeMailName } from './mail-text.js'
import { printLeasedMail, createMailLeaser, type LeasedMailMessage } from './take-mail.js'

/** Waits for one message and prints it. A message that is not printed is not marked as read. */
export const chatWaitCommand = commandWithDaemon(
  {
    description: 'Wait until an agent sends you a message, print it, and mark it as read',
    details: ['Exits 124 if no message came in time.'],
    examples: ['chat wait', 'chat wait --thread 01hzx8 --timeout 15m'],
    words: { agent: mailNameArgument('Wait for a message to this agent instead of one to you') },
    flags: {
      thread: textArg('id', 'Wait only for a message of the conversation with this id').exactOptional(),
      timeout: timeSpanArg('Stop waiting after this time, as in 90s or 15m (default: never)').exactOptional(),
      json: boolArg('Print the message as JSON instead of text, for scripts'),
    },
  },
  async ({ agent: named, timeout: timeoutSeconds = Infinity, json, ...only }, context) => {
    const { stdout, stderr, now } = context.terminal
    const agent = named ?? ownMailboxName(context.terminal)
    const until = now() + timeoutSeconds * 1000
    return runUntilCtrlC(context.terminal, async (signal) => {
      const next = createMailLeaser({ agent, until, signal, ...only }, context)
      let taken: LeasedMailMessage | undefined
      while (!taken && !signal.aborted) {
        taken = await next()
        if (!taken && now() >= until) {
          await stderr.print(`no message for '${safeMailName(agent)}' came in time\n`)
          return exitCode.timedOut
        }
      }
      if (!taken) return exitCode.interrupted
      const { message } = taken
      const text = json ? `${safeJson(message, 2)}\n` : mailMessageText(message, stdout.paint)
      const isRead = await printLeasedMail(taken, () => stdout.print(text), context)
      return isRead ? exitCode.done : exitCode.failed
    })
  },
)
