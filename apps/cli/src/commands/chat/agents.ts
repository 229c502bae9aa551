import { commandSpec, defineCommand } from '../../command/define-command.js'
import { jsonFlag } from '../../command/values.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderKnown } from './mail-table.js'

/** How `chat agents` is called. */
export const chatAgentsSpec = commandSpec({
  description: 'List agents that messages can be sent to, whether they run now, and how many messages wait',
  flags: { json: jsonFlag },
})

/** Lists the agents that messages can be sent to. */
export const chatAgents = defineCommand(chatAgentsSpec, (args) => atTerminal((desk) => listKnown(args, desk)))

/** Prints the agents that the mailbox knows. */
export async function listKnown({ json }: { json: boolean }, { client, terminal }: Desk): Promise<number> {
  const items = await client.mail.agents()
  const remark =
    items.length > 0
      ? 'to write to one: subagent-mcp chat send <name> "<text>" --wait'
      : 'No agents yet. Start one with: subagent-mcp worker'
  return printMailList({ items, json, render: renderKnown, remark }, terminal)
}
