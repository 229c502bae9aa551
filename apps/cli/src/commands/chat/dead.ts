import { createFlagExcludesRule } from '../../command/arg-rules.js'
import { jsonFlag, textArgSchema } from '../../command/arg-schemas.js'
import { defineDaemonCommand } from '../../terminal/command-context.js'
import { printResult } from '../../terminal/print.js'
import { mailLimitFlag, createMailNameArgument, printMailPage } from './mail-page.js'
import { createDeadLetterTableLayout } from './mail-tables.js'
import { escapeMailName } from './mail-text.js'

export const chatDeadCommand = defineDaemonCommand(
  {
    description: 'List messages that no agent could handle (dead letters), or send one again',
    examples: ['chat dead api', 'chat dead --revive 01hzx8'],
    words: { agent: createMailNameArgument('List only failed messages to this agent') },
    flags: {
      revive: textArgSchema(
        'id',
        'Send the failed message with this id to its receiver again',
      ).exactOptional(),
      limit: mailLimitFlag,
      json: jsonFlag,
    },
    rules: [createFlagExcludesRule('revive', ['agent', 'limit'])],
  },
  async ({ revive, json, limit, ...of }, context) => {
    const { client, terminal } = context
    if (revive !== undefined) {
      const message = await client.mail.revive(revive)
      const text = `${escapeMailName(message.id)} waits for '${escapeMailName(message.to)}' again`
      return printResult(terminal, json, { text, data: message })
    }
    const items = await client.mail.dead({ ...of, ...(limit !== undefined && { limit }) })
    const remark =
      items.length > 0
        ? 'to send one again: subagent-mcp chat dead --revive <id>; whole texts: --json'
        : `no dead letters${of.agent === undefined ? '' : ` to '${escapeMailName(of.agent)}'`}`
    const list = { of: 'dead', ...of } as const
    return printMailPage({ items, list, limit, json, table: createDeadLetterTableLayout, remark }, context)
  },
)
