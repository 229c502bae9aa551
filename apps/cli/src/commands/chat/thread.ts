import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { jsonText } from '../../terminal/json-text.js'
import { messageText } from '../../terminal/mail-text.js'
import { chatListFlags, readChatThreadOrder, type ChatThreadOrder } from './chat-order.js'
import { restText } from './page.js'

/** Shows a conversation. */
export const chatThread = defineCommand({
  meta: {
    name: 'thread',
    description: 'Show the newest messages of a thread; nothing of it counts as read by that',
  },
  args: {
    id: { type: 'positional', required: false, description: 'Its id, as chat threads lists it' },
    ...chatListFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readChatThreadOrder(rawArgs)
    await atTerminal((desk) => showThread(order, desk))
  },
})

/** Prints the end of the thread, the oldest message first. */
export async function showThread({ id, json, ...page }: ChatThreadOrder, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const { stdout, stderr } = terminal
  const messages = await client.mail.thread(id, page)
  const whole = { list: { of: 'thread', id }, shown: messages.length, what: 'earlier' } as const
  const rest = await restText({ ...whole, ...page }, desk)
  const texts = messages.map((message) => messageText(message, stdout.paint))
  await stdout.print(json ? `${jsonText(messages, 2)}\n` : texts.join(''))
  await stderr.print(rest)
  return exitCode.done
}
