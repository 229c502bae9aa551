import { exitCode } from '../exit.js'
import { jsonText } from './json-text.js'
import type { MailTable } from '../commands/chat/mail-table.js'
import type { Terminal } from './terminal.js'

/** What is listed, how it looks as lines, and what is said besides. */
export type MailList<Item> = {
  items: readonly Item[]
  json: boolean
  render: (items: readonly Item[], table: MailTable) => readonly string[]
  /** On stderr, also beside JSON: that there is more, in a line; or nothing. */
  rest?: string
  /** On stderr: how to go on, or that there is nothing. */
  remark: string
}

/** Prints a list, or the same as JSON. */
export async function printMailList<Item>(list: MailList<Item>, terminal: Terminal): Promise<number> {
  const { items, json, render, rest = '', remark } = list
  const { stdout, stderr, now, home } = terminal
  if (json) {
    await stdout.print(`${jsonText(items, 2)}\n`)
    await stderr.print(rest)
    return exitCode.done
  }
  const columns = stdout.size()?.columns ?? Infinity
  const lines = render(items, { columns, paint: stdout.paint, now: now(), home })
  await stdout.print(lines.map((line) => `${line}\n`).join(''))
  await stderr.print(`${rest}${stderr.paint('dim', remark)}\n`)
  return exitCode.done
}
