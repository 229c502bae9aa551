import { defineCommand } from 'citty'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderThreads } from '../../terminal/mail-table.js'
import { shortText } from '../../terminal/mail-text.js'
import { chatListFlags, readChatThreadsOrder, type ChatListOrder } from './chat-order.js'
import { restText } from './page.js'

/** Shows what is talked about. */
export const chatThreads = defineCommand({
  meta: { name: 'threads', description: 'List threads, the newest first' },
  args: {
    agent: { type: 'positional', required: false, description: 'Only those of this agent' },
    ...chatListFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readChatThreadsOrder(rawArgs)
    await atTerminal((desk) => listThreads(order, desk))
  },
})

/** Prints the threads of an agent, or all. */
export async function listThreads({ json, ...query }: ChatListOrder, desk: Desk): Promise<number> {
  const { client, terminal } = desk
  const items = await client.mail.threads(query)
  const { limit, ...agent } = query
  const page = { shown: items.length, ...(limit !== undefined && { limit }) }
  const rest = await restText({ list: { of: 'threads', ...agent }, ...page }, desk)
  const whose = query.agent === undefined ? '' : ` of '${shortText(query.agent)}'`
  const remark = items.length > 0 ? 'to read one: subagent-mcp chat thread <id>' : `no threads${whose}`
  return printMailList({ items, json, render: renderThreads, rest, remark }, terminal)
}
