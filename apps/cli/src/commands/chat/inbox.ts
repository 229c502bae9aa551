import type { Message } from '@subagent-mcp/mailbox'
import { visibleText } from '@subagent-mcp/mcp-server'
import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag, toggle } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { printMailList } from '../../terminal/mail-list.js'
import { ownMailName } from '../../terminal/mail-sender.js'
import { renderInbox } from './mail-table.js'
import { messageText, shortText } from './mail-text.js'
import { shellCommand } from '../../terminal/shell-quote.js'
import { limitFlag, mailNameWord, restText } from './mail-list.js'

/** How `chat inbox` is called. */
export const chatInboxSpec = commandSpec({
  description: 'List the messages that wait for you, the oldest first',
  words: { agent: mailNameWord('List those that wait for this agent instead') },
  flags: {
    read: toggle('Print whole texts and mark the messages as read'),
    limit: limitFlag,
    json: jsonFlag,
  },
})

/** Lists the messages that wait for an agent, or for the user. */
export const chatInbox = defineCommand(chatInboxSpec, (args) => atTerminal((desk) => showInbox(args, desk)))

/** Prints the waiting messages. */
export async function showInbox(
  { agent: named, read, json, ...page }: ArgsOf<typeof chatInboxSpec>,
  desk: Desk,
): Promise<number> {
  const { client, terminal } = desk
  const agent = named ?? ownMailName(terminal)
  const items = await client.mail.inbox(agent, page)
  const rest = await restText({ list: { of: 'inbox', agent }, shown: items.length, ...page }, desk)
  const { stdout, stderr } = terminal
  if (!read || items.length === 0) {
    const remark = items.length > 0 ? howToRead : `nothing waits for '${shortText(agent)}'`
    return printMailList({ items, json, render: renderInbox, rest, remark }, terminal)
  }
  await stdout.print(
    json ? `${jsonText(items, 2)}\n` : items.map((item) => messageText(asRead(item), stdout.paint)).join(''),
  )
  await client.mail.read({ agent, ids: items.map(({ id }) => id) })
  await stderr.print(rest)
  if (!json) await stderr.print(`${stderr.paint('dim', howToAnswer(items))}\n`)
  return exitCode.done
}

/** What somebody holds stays his. */
function asRead(message: Message): Message {
  return message.status === 'waiting' ? { ...message, status: 'handled' } : message
}

const howToRead = 'to read: subagent-mcp chat inbox --read, or chat wait for one after another'

/** With the newest message as its example. */
function howToAnswer(messages: readonly Message[]): string {
  const last = messages.findLast(({ kind }) => kind === 'direct')
  if (!last) return 'read by that: they wait no more'
  const words = ['subagent-mcp', 'chat', 'send', last.from.name, '--thread', last.thread]
  // Not cut: what is left out of a quoted thread would be the end of its quotes, and the rest of it a command.
  return `to answer the last: ${visibleText(shellCommand(words, process.platform), Infinity)} "<text>"`
}
