import type { Sent } from '@subagent-mcp/mailbox'
import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { jsonText } from '../../terminal/json-text.js'
import { senderAt } from '../../terminal/mail-sender.js'
import { shortText } from '../../terminal/mail-text.js'
import { readText } from '../../terminal/read-text.js'
import { awaitReply } from './reply.js'
import { chatSendFlags, chatSendUsage, readChatSendOrder, type ChatSendOrder } from './chat-send-order.js'

/** Sends a message to an agent by the mailbox. */
export const chatSend = defineCommand({
  meta: {
    name: 'send',
    description: 'Send a message to an agent; it waits until somebody is there to read it',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'Its name, as chat agents lists it' },
    text: { type: 'positional', required: false, description: 'The message; - reads stdin' },
    ...chatSendFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readChatSendOrder(rawArgs)
    await atTerminal((desk) => sendMail(order, desk))
  },
})

/** Sends the message, and prints what becomes of it. */
export async function sendMail(order: ChatSendOrder, desk: Desk): Promise<number> {
  const { text, from, wait, json, ...rest } = order
  const { client, terminal } = desk
  const body = await readText({ text, name: 'text', usage: chatSendUsage }, terminal)
  const sent = await client.mail.send({ ...rest, from: senderAt(terminal, from), body })
  const { stdout, stderr } = terminal
  const talk = `${await sentText(sent, desk)}\n`
  if (wait) {
    if (!json) await stderr.print(stderr.paint('dim', talk))
    return awaitReply({ sent, json, ...wait }, desk)
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
