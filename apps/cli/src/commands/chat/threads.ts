import { jsonFlag } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { mailLimitFlag, mailNameArgument, printMailPage } from './mail-page.js'
import { threadTableLayout } from './mail-tables.js'
import { mailLabel } from './mail-text.js'

export const chatThreadsCommand = daemonCommand(
  {
    description: 'List threads, the newest first',
    examples: ['chat threads', 'chat threads api --limit 5'],
    words: { agent: mailNameArgument('List only threads of this agent') },
    flags: { limit: mailLimitFlag, json: jsonFlag },
  },
  async ({ json, limit, ...of }, context) => {
    const items = await context.client.mail.threads({ ...of, ...(limit !== undefined && { limit }) })
    const whose = of.agent === undefined ? '' : ` of '${mailLabel(of.agent)}'`
    const remark = items.length > 0 ? 'to read one: subagent-mcp chat thread <id>' : `no threads${whose}`
    const list = { of: 'threads', ...of } as const
    return printMailPage({ items, list, limit, json, table: threadTableLayout, remark }, context)
  },
)
