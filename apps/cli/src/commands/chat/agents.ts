import { jsonFlag } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { printList } from '../../terminal/print.js'
import { formatTableLines } from '../../terminal/table.js'
import { createMailAgentTableLayout } from './mail-tables.js'

export const chatAgentsCommand = defineDaemonCommand(
  {
    description: 'List agents that you can message, which of them run now, and how many messages wait',
    examples: ['chat agents', 'chat agents --json'],
    flags: { json: jsonFlag },
  },
  async ({ json }, { client, terminal }) => {
    const items = await client.mail.agents()
    const table = createMailAgentTableLayout({ now: terminal.now(), home: terminal.home })
    const remark =
      items.length > 0
        ? 'to write to one: subagent-mcp chat send <name> "<text>" --wait'
        : 'No agents yet. Start one with: subagent-mcp worker'
    return printList(
      { items, json, render: (agents, screen) => formatTableLines(agents, table, screen), remarks: [remark] },
      terminal,
    )
  },
)
