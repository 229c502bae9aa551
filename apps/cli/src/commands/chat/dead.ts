import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/at-terminal.js'
import { jsonText } from '../../terminal/json-text.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderDead } from '../../terminal/mail-table.js'
import { shortText } from '../../terminal/mail-text.js'
import { chatDeadFlags, readChatDeadOrder, type ChatDeadOrder } from './chat-order.js'
import { restText } from './page.js'

/** Shows what could not be handled. */
export const chatDead = defineCommand({
  meta: {
    name: 'dead',
    description: 'List messages that nobody could handle, the newest first; send one anew',
  },
  args: {
    agent: { type: 'positional', required: false, description: 'Only those to this agent' },
    ...chatDeadFlags,
  },
  run: async ({ rawArgs }) => {
    const order = readChatDeadOrder(rawArgs)
    await atTerminal((desk) => showDead(order, desk))
  },
})

/** Prints the dead letters to an agent, or all; or gives one to its agent anew. */
export async function showDead(order: ChatDeadOrder, desk: Desk): Promise<number> {
  const { revive, json, ...query } = order
  if (revive !== undefined) return reviveLetter(revive, json, desk)
  const { client, terminal } = desk
  const items = await client.mail.dead(query)
  const { limit, ...agent } = query
  const page = { shown: items.length, ...(limit !== undefined && { limit }) }
  const rest = await restText({ list: { of: 'dead', ...agent }, ...page }, desk)
  const whose = query.agent === undefined ? '' : ` to '${shortText(query.agent)}'`
  const remark =
    items.length > 0
      ? 'to send one anew: subagent-mcp chat dead --revive <id>; whole texts: --json'
      : `no dead letters${whose}`
  return printMailList({ items, json, render: renderDead, rest, remark }, terminal)
}

async function reviveLetter(id: string, json: boolean, { client, terminal }: Desk): Promise<number> {
  const message = await client.mail.revive(id)
  const text = `${shortText(message.id)} waits for '${shortText(message.to)}' again`
  await terminal.stdout.print(`${json ? jsonText(message, 2) : text}\n`)
  return exitCode.done
}
