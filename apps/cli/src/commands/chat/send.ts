import type { Sent } from '@subagent-mcp/mailbox'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { joinedText, optionalTimeSpan, text, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { senderAt } from '../../terminal/mail-sender.js'
import { shortText } from './mail-text.js'
import { readText } from '../../terminal/read-text.js'
import { awaitReply } from './reply.js'

/** How `chat send` is called. */
export const chatSendSpec = commandSpec({
  description: 'Send a message to an agent; it waits in the mailbox until the agent reads it',
  details: ['With --wait it exits 1 if no reply came.'],
  words: {
    agent: text('agent', 'Name of the agent, as subagent-mcp chat agents lists it'),
    text: joinedText('The message; without it, or as -, it is read from stdin'),
  },
  flags: {
    thread: text('id', 'Send it in this thread (default: a new one)').exactOptional(),
    key: text('text', 'Any text of yours: a message with the same key is sent only once').exactOptional(),
    from: text('name', 'Name of the sender (default: your login name)').exactOptional(),
    wait: optionalTimeSpan(
      'Wait for the reply and print it. A time may follow after which it gives up, as in --wait 90s',
    ).exactOptional(),
    json: toggle('Print the message as JSON; with --wait the reply too'),
  },
})

/** Sends a message to an agent by the mailbox. */
export const chatSend = defineCommand(chatSendSpec, (args) => atTerminal((desk) => sendMail(args, desk)))

/** Sends the message, and prints what becomes of it. */
export async function sendMail(args: ArgsOf<typeof chatSendSpec>, desk: Desk): Promise<number> {
  const { agent: to, text: typed, from, wait, json, ...rest } = args
  const { client, terminal } = desk
  const body = await readText({ text: typed, name: 'text' }, terminal)
  const sent = await client.mail.send({ ...rest, to, from: senderAt(terminal, from), body })
  const { stdout, stderr } = terminal
  const talk = `${await sentText(sent, desk)}\n`
  if (wait !== undefined) {
    if (!json) await stderr.print(stderr.paint('dim', talk))
    return awaitReply({ sent, json, ...(wait !== true && { seconds: wait }) }, desk)
  }
  await stdout.print(json ? `${jsonText(sent, 2)}\n` : talk)
  return exitCode.done
}

async function sentText({ message, repeated }: Sent, { client }: Desk): Promise<string> {
  const { to, thread } = message
  const known = (await client.mail.agents()).find(({ name }) => name === to)
  const absent = known?.handlers.length === 0 ? '; nobody is there for it now: it waits' : ''
  const head = repeated ? 'was sent before' : 'sent'
  return `${head} to '${shortText(to)}', in thread ${shortText(thread)}${absent}`
}
