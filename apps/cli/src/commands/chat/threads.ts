import { jsonFlag, textArgSchema } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { mailLimitFlag, createMailNameArgument, printMailPage, describeMoreMail } from './mail-page.js'
import { createThreadTableLayout } from './mail-tables.js'
import { escapeMailName, formatMailMessage } from './mail-text.js'
import { exitCode } from '../../exit.js'
import { printJson } from '../../terminal/print.js'

export const chatThreadsCommand = defineDaemonCommand(
  {
    description: 'List conversations of messages between agents and you, the newest first',
    examples: ['chat threads', 'chat threads api --limit 5'],
    words: { agent: createMailNameArgument('List only conversations in which this agent takes part') },
    flags: { limit: mailLimitFlag, json: jsonFlag },
  },
  async ({ json, limit, ...of }, context) => {
    const items = await context.client.mail.threads({ ...of, ...(limit !== undefined && { limit }) })
    const whose = of.agent === undefined ? '' : ` of '${escapeMailName(of.agent)}'`
    const remark = items.length > 0 ? 'to read one: subagent-mcp chat thread <id>' : `no threads${whose}`
    const list = { of: 'threads', ...of } as const
    return printMailPage({ items, list, limit, json, table: createThreadTableLayout, remark }, context)
  },
)

export const chatThreadCommand = defineDaemonCommand(
  {
    description: 'Print the newest messages of one conversation; unread ones stay unread',
    examples: ['chat thread 01hzx8', 'chat thread 01hzx8 --limit 5'],
    words: { id: textArgSchema('id', 'Id of the conversation, as subagent-mcp chat threads lists it') },
    flags: { limit: mailLimitFlag, json: jsonFlag },
  },
  async ({ id, json, ...page }, context) => {
    const { stdout, stderr } = context.terminal
    const messages = await context.client.mail.thread(id, page)
    const texts = messages.map((message) => formatMailMessage(message, stdout.paint))
    if (json) await printJson(context.terminal, messages)
    else await stdout.print(texts.join(''))
    const printed = { list: { of: 'thread', id }, shown: messages.length, what: 'earlier' } as const
    await stderr.print(await describeMoreMail({ ...printed, ...page }, context))
    return exitCode.done
  },
)
