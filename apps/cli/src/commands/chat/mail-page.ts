import type { MailListReference } from '@subagent-mcp/client'
import { mailPageSizes } from '@subagent-mcp/contract'
import { textArgSchema, integerArgSchema } from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import type { CommandContext } from '../../terminal/command-context.js'
import { printList } from '../../terminal/print.js'
import { formatTableLines, type TableLayout } from '../../terminal/table.js'
import type { MailTableContext } from './mail-tables.js'

export const mailLimitFlag = integerArgSchema(
  { most: mailPageSizes.longest },
  `Print at most this many entries (default: ${mailPageSizes.default})`,
).exactOptional()

/** An optional positional argument: an agent, by its name in the mailbox. */
export function createMailNameArgument(description: string) {
  return textArgSchema('agent', description).exactOptional()
}

export const mailFromFlag = textArgSchema(
  'name',
  'Name of the sender (default: your login name)',
).exactOptional()

/** The first entries of a list of the mailbox, at most `limit`, and how they are printed. */
export type MailPage<Item> = {
  items: readonly Item[]
  /** The query by which the daemon counts all entries of the list. */
  list: MailListReference
  limit?: number | undefined
  json: boolean
  table: (time: MailTableContext) => TableLayout<Item>
  /** A line below the list for a person, such as what to do next. */
  remark: string
}

/** Prints a page of a list, and on stderr how many entries follow it. Returns the exit code 0. */
export async function printMailPage<Item>(
  { items, list, limit, json, table, remark }: MailPage<Item>,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context
  const { now, home } = terminal
  const layout = table({ now: now(), home })
  const render = (shown: readonly Item[]): string[] => formatTableLines(shown, layout, terminal.stdout)
  await printList({ items, json, render }, terminal)
  await terminal.stderr.print(await describeMoreMail({ list, shown: items.length, limit }, context))
  if (!json) await terminal.stderr.print(`${terminal.stderr.paint('dim', remark)}\n`)
  return exitCode.done
}

/** A list of the mailbox, and how many of its entries were printed, at most `limit`. */
export type PrintedMailPage = {
  list: MailListReference
  shown: number
  limit?: number | undefined
  what?: 'more' | 'earlier'
}

/** Describes how many entries a list has besides the printed ones, and how to see them; empty if there are none. */
export async function describeMoreMail(
  { list, shown, limit = mailPageSizes.default, what = 'more' }: PrintedMailPage,
  { client, terminal: { stderr } }: CommandContext,
): Promise<string> {
  if (shown < limit) return ''
  const total = await client.mail.count(list)
  if (total <= shown) return ''
  const longer = shown < mailPageSizes.longest ? `: --limit ${Math.min(total, mailPageSizes.longest)}` : ''
  return `${stderr.paint('yellow', `${total - shown} ${what}${longer}`)}\n`
}
