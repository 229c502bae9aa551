import type { SentMessage } from '@subagent-mcp/mailbox'
import {
  joinedWordsArgSchema,
  optionalTimeSpanArgSchema,
  textArgSchema,
  booleanArgSchema,
} from '../../command/arg-schemas.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { readTextArgument } from '../../terminal/input.js'
import { describeTerminalSender } from '../../terminal/person.js'
import { printRemarks, printResult } from '../../terminal/print.js'
import { awaitMailReply } from './await-reply.js'
import { mailFromFlag } from './mail-page.js'
import { escapeMailName } from './mail-text.js'

export const chatSendCommand = defineDaemonCommand(
  {
    description: 'Send a message to a worker (an agent that answers messages), which reads it when it can',
    details: ['With --wait it exits 1 if no reply came.'],
    examples: ['chat send api "which port do you use?" --wait 10m', 'chat send api "done" --thread 01hzx8'],
    words: {
      agent: textArgSchema('agent', 'Name of the receiver, as subagent-mcp chat agents lists it', {
        names: 'workers',
      }),
      text: joinedWordsArgSchema('Text of the message; read from stdin if it is left out or is -'),
    },
    flags: {
      thread: textArgSchema('id', 'Id of its conversation (default: a new one)').exactOptional(),
      key: textArgSchema('text', 'Any text: of messages with the same key only one is sent').exactOptional(),
      from: mailFromFlag,
      wait: optionalTimeSpanArgSchema(
        'Wait for the reply and print it; as --wait 90s at most that long',
      ).exactOptional(),
      json: booleanArgSchema('Print the sent message as JSON instead of text; with --wait the reply too'),
    },
  },
  async ({ agent: to, text: typed, from, wait, json, ...options }, context) => {
    const { client, terminal } = context
    const body = await readTextArgument({ text: typed, name: 'text' }, terminal)
    const sent = await client.mail.send({
      ...options,
      to,
      from: describeTerminalSender(terminal, from),
      body,
    })
    const text = await describeSentMessage(sent, client)
    if (wait === undefined) return printResult(terminal, json, { text, data: sent })
    if (!json) await printRemarks(terminal, [text])
    return awaitMailReply({ sent, json, ...(wait !== true && { seconds: wait }) }, context)
  },
)

async function describeSentMessage(
  { message, repeated }: SentMessage,
  client: CommandContext['client'],
): Promise<string> {
  const { to, thread } = message
  const known = (await client.mail.agents()).find(({ name }) => name === to)
  const absent = known?.handlers.length === 0 ? '; no process reads its mail now: the message waits' : ''
  const head = repeated ? 'was sent before' : 'sent'
  return `${head} to '${escapeMailName(to)}', in thread ${escapeMailName(thread)}${absent}`
}
