import { defineCommand } from 'citty'
import { exitCode } from '../exit.js'
import { atTerminal, type Desk } from '../terminal/at-terminal.js'
import { jsonText } from '../terminal/json-text.js'
import { messageText } from '../terminal/mail-text.js'
import { chatListFlags, readChatThreadOrder, type ChatThreadOrder } from './chat-order.js'

/** Shows a whole conversation. */
export const chatThread = defineCommand({
  meta: {
    name: 'thread',
    description: 'Show all messages of a thread; nothing of it counts as read by that',
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

/** Prints the thread, the oldest message first. */
export async function showThread({ id, json }: ChatThreadOrder, { client, terminal }: Desk): Promise<number> {
  const { stdout } = terminal
  const messages = await client.mail.thread(id)
  const texts = messages.map((message) => messageText(message, stdout.paint))
  await stdout.print(json ? `${jsonText(messages, 2)}\n` : texts.join(''))
  return exitCode.done
}
