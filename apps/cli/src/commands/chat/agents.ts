import { defineCommand } from 'citty'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderKnown } from '../../terminal/mail-table.js'
import { chatAgentsFlags, readChatAgentsOrder, type ChatListOrder } from './chat-order.js'

/** Shows who can be written to. */
export const chatAgents = defineCommand({
  meta: { name: 'agents', description: 'List who can be written to, who is there now, and what waits' },
  args: chatAgentsFlags,
  run: async ({ rawArgs }) => {
    const order = readChatAgentsOrder(rawArgs)
    await atTerminal((desk) => listKnown(order, desk))
  },
})

/** Prints who is known to the mailbox. */
export async function listKnown(
  { json }: Pick<ChatListOrder, 'json'>,
  { client, terminal }: Desk,
): Promise<number> {
  const items = await client.mail.agents()
  const remark =
    items.length > 0
      ? 'to write to one: subagent-mcp chat send <name> "<text>" --wait'
      : 'nobody is known yet; where an agent shall be: subagent-mcp worker'
  return printMailList({ items, json, render: renderKnown, remark }, terminal)
}
