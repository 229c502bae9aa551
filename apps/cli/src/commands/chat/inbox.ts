import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { jsonFlag, booleanArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { type CommandContext, defineDaemonCommand } from '../../terminal/command-context.js'
import { getTerminalMailboxName } from '../../terminal/person.js'
import { printJson, printRemarks } from '../../terminal/print.js'
import { formatShellCommand } from '../../terminal/shell-quote.js'
import { mailLimitFlag, createMailNameArgument, printMailPage, describeMoreMail } from './mail-page.js'
import { createInboxTableLayout } from './mail-tables.js'
import { formatMailMessage, escapeMailName } from './mail-text.js'

export const chatInboxCommand = defineDaemonCommand(
  {
    description: 'List messages that agents sent to you and that you have not read, the oldest first',
    examples: ['chat inbox --read', 'chat inbox api'],
    words: {
      agent: createMailNameArgument('List the unread messages to this agent instead of those to you'),
    },
    flags: {
      read: booleanArgSchema('Print the whole texts of the messages, and mark them as read'),
      limit: mailLimitFlag,
      json: jsonFlag,
    },
  },
  async ({ agent: named, read, json, ...page }, context) => {
    const agent = named ?? getTerminalMailboxName(context.terminal)
    const items = await context.client.mail.inbox(agent, page)
    const list = { of: 'inbox', agent } as const
    if (read && items.length > 0) {
      // Counted first, because messages that are read are no longer in the inbox.
      const rest = await describeMoreMail({ list, shown: items.length, ...page }, context)
      await readMessages({ agent, items, json }, context)
      await context.terminal.stderr.print(rest)
      if (!json) await printRemarks(context.terminal, [howToAnswer(items)])
      return exitCode.done
    }
    const remark = items.length > 0 ? howToRead : `no message waits for '${escapeMailName(agent)}'`
    return printMailPage({ items, list, json, table: createInboxTableLayout, remark, ...page }, context)
  },
)

const howToRead = 'to read: subagent-mcp chat inbox --read, or chat wait for one after another'

type ReadMessages = { agent: string; items: readonly MailboxMessage[]; json: boolean }

async function readMessages(
  { agent, items, json }: ReadMessages,
  { client, terminal: { stdout } }: CommandContext,
): Promise<void> {
  // The messages are printed as handled; those that a worker holds stay as they are.
  const read = items.map((item) =>
    item.status === 'waiting' ? { ...item, status: 'handled' as const } : item,
  )
  const texts = read.map((item) => formatMailMessage(item, stdout.paint))
  if (json) await printJson({ stdout }, items)
  else await stdout.print(texts.join(''))
  await client.mail.read({ agent, ids: items.map(({ id }) => id) })
}

/**
 * Returns the command that replies to the inbox's newest direct message. Without such a message: a note that all messages are
 * marked as read.
 */
function howToAnswer(messages: readonly MailboxMessage[]): string {
  const last = messages.findLast(({ kind }) => kind === 'direct')
  if (!last) return 'these messages are marked as read'
  const words = ['subagent-mcp', 'chat', 'send', last.from.name, '--thread', last.thread]
  // The command is not cut, because a cut could remove a closing quote and turn text of others into commands.
  return `to answer the last: ${revealInvisibleCharacters(formatShellCommand(words, process.platform), Infinity)} "<text>"`
}
