import { textArgSchema, timeSpanArgSchema, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { runUntilCtrlC } from '../../terminal/input.js'
import { getTerminalMailboxName } from '../../terminal/person.js'
import { formatSafeJson } from '../../terminal/text.js'
import { createMailNameArgument } from './mail-page.js'
import { formatMailMessage, escapeMailName } from './mail-text.js'
import { printLeasedMail, createMailLeaser, type LeasedMailMessage } from './take-mail.js'

/** Waits for one message and prints it. A message that is not printed is not marked as read. */
export const chatWaitCommand = defineDaemonCommand(
  {
    description: 'Wait until an agent sends you a message, print it, and mark it as read',
    details: ['Exits 124 if no message came in time.'],
    examples: ['chat wait', 'chat wait --thread 01hzx8 --timeout 15m'],
    words: { agent: createMailNameArgument('Wait for a message to this agent instead of one to you') },
    flags: {
      thread: textArgSchema('id', 'Wait only for a message of the conversation with this id').exactOptional(),
      timeout: timeSpanArgSchema(
        'Stop waiting after this time, as in 90s or 15m (default: never)',
      ).exactOptional(),
      json: booleanArgSchema('Print the message as JSON instead of text, for scripts'),
    },
  },
  async ({ agent: named, timeout: timeoutSeconds = Infinity, json, ...only }, context) => {
    const { stdout, stderr, now } = context.terminal
    const agent = named ?? getTerminalMailboxName(context.terminal)
    const until = now() + timeoutSeconds * 1000
    return runUntilCtrlC(context.terminal, async (signal) => {
      const next = createMailLeaser({ agent, until, signal, ...only }, context)
      let taken: LeasedMailMessage | undefined
      while (!taken && !signal.aborted) {
        taken = await next()
        if (!taken && now() >= until) {
          await stderr.print(`no message for '${escapeMailName(agent)}' came in time\n`)
          return exitCode.timedOut
        }
      }
      if (!taken) return exitCode.interrupted
      const { message } = taken
      const text = json ? `${formatSafeJson(message, 2)}\n` : formatMailMessage(message, stdout.paint)
      const isRead = await printLeasedMail(taken, () => stdout.print(text), context)
      return isRead ? exitCode.done : exitCode.failed
    })
  },
)
