import type { ArgsOf } from '../../command/command-spec.js'
import { commandSpec, defineCommand } from '../../command/define-command.js'
import { excludes } from '../../command/rules.js'
import { jsonFlag, text } from '../../command/values.js'
import { exitCode } from '../../exit.js'
import { atTerminal, type Desk } from '../../terminal/command-context.js'
import { jsonText } from '../../terminal/json-text.js'
import { printMailList } from '../../terminal/mail-list.js'
import { renderDead } from './mail-table.js'
import { shortText } from './mail-text.js'
import { limitFlag, mailNameWord, restText } from './mail-list.js'

/** How `chat dead` is called. */
export const chatDeadSpec = commandSpec({
  description: 'List dead letters, the newest first: messages that failed too often; or send one again',
  words: { agent: mailNameWord('Only those to this agent') },
  flags: {
    revive: text('id', 'Send this message to its agent again').exactOptional(),
    limit: limitFlag,
    json: jsonFlag,
  },
  rules: [excludes('revive', ['agent', 'limit'])],
})

/** Lists dead letters, or sends one again. */
export const chatDead = defineCommand(chatDeadSpec, (args) => atTerminal((desk) => showDead(args, desk)))

/** Prints the dead letters to an agent, or all; or sends one again. */
export async function showDead(args: ArgsOf<typeof chatDeadSpec>, desk: Desk): Promise<number> {
  const { revive, json, ...query } = args
  if (revive !== undefined) return reviveLetter(revive, json, desk)
  const { client, terminal } = desk
  const items = await client.mail.dead(query)
  const { limit, ...agent } = query
  const page = { shown: items.length, ...(limit !== undefined && { limit }) }
  const rest = await restText({ list: { of: 'dead', ...agent }, ...page }, desk)
  const whose = query.agent === undefined ? '' : ` to '${shortText(query.agent)}'`
  const remark =
    items.length > 0
      ? 'to send one again: subagent-mcp chat dead --revive <id>; whole texts: --json'
      : `no dead letters${whose}`
  return printMailList({ items, json, render: renderDead, rest, remark }, terminal)
}

async function reviveLetter(id: string, json: boolean, { client, terminal }: Desk): Promise<number> {
  const message = await client.mail.revive(id)
  const text = `${shortText(message.id)} waits for '${shortText(message.to)}' again`
  await terminal.stdout.print(`${json ? jsonText(message, 2) : text}\n`)
  return exitCode.done
}
