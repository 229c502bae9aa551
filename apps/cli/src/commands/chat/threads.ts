import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderThreads } from './mail-table.js'
import { shortText } from './mail-text.js'
import { limitFlag, mailNameWord, restText } from './mail-list.js'

/** How `chat threads` is called. */
export const chatThreadsSpec = commandSpec({
  description: 'List threads, the newest first',
  words: { agent: mailNameWord('Only those of this agent') },
  flags: { limit: limitFlag, json: jsonFlag },
})

/** Lists threads. */
export const chatThreads = defineCommand(chatThreadsSpec, (args) =>
  atTerminal((desk) => listThreads(args, desk)),
)

/** Prints the threads of an agent, or all. */
export async function listThreads(
  { json, ...query }: ArgsOf<typeof chatThreadsSpec>,
  desk: Desk,
): Promise<number> {
  const { client, terminal } = desk
  const items = await client.mail.threads(query)
  const { limit, ...agent } = query
  const page = { shown: items.length, ...(limit !== undefined && { limit }) }
  const rest = await restText({ list: { of: 'threads', ...agent }, ...page }, desk)
  const whose = query.agent === undefined ? '' : ` of '${shortText(query.agent)}'`
  const remark = items.length > 0 ? 'to read one: subagent-mcp chat thread <id>' : `no threads${whose}`
  return printMailList({ items, json, render: renderThreads, rest, remark }, terminal)
}
