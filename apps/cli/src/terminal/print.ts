import { exitCode } from '../exit.js'
import type { TextOutput, Terminal } from './terminal.js'
import { formatSafeJson } from './text.js'
import { wrapLine } from './wrap-text.js'

/** A result as text for a person, and as data for a program. */
export type CliResult = { text: string; data: unknown }

/** Prints a result on stdout, as JSON if `isJson`, and returns the exit code 0. */
export async function printResult(
  terminal: Pick<Terminal, 'stdout'>,
  isJson: boolean,
  { text, data }: CliResult,
): Promise<number> {
  if (isJson) return printJson(terminal, data)
  await terminal.stdout.print(`${text}\n`)
  return exitCode.done
}

/** Prints a value on stdout as indented JSON, and returns the exit code 0. */
export async function printJson({ stdout }: Pick<Terminal, 'stdout'>, data: unknown): Promise<number> {
  await stdout.print(`${formatSafeJson(data, 2)}\n`)
  return exitCode.done
}

export async function printLines(
  { print }: Pick<TextOutput, 'print'>,
  lines: readonly string[],
): Promise<void> {
  await print(lines.map((line) => `${line}\n`).join(''))
}

/** Prints lines on a stream, wrapped between words at the width of its terminal. */
export async function printWrapped(
  { print, size }: Pick<TextOutput, 'print' | 'size'>,
  lines: readonly string[],
): Promise<void> {
  const columns = size()?.columns ?? Infinity
  await printLines(
    { print },
    lines.flatMap((line) => wrapLine(line, columns)),
  )
}

export async function printRemarks(
  { stderr }: Pick<Terminal, 'stderr'>,
  remarks: readonly string[],
): Promise<void> {
  await printLines(
    stderr,
    remarks.map((remark) => stderr.paint('dim', remark)),
  )
}

/** A list, its lines on a screen, and remarks for a person such as the next step. */
export type ListToPrint<Item> = {
  items: readonly Item[]
  json: boolean
  render: (items: readonly Item[], screen: TextOutput) => readonly string[]
  remarks?: readonly string[]
}

/** Prints a list, or its items as JSON, and returns the exit code 0. Remarks are not printed beside JSON. */
export async function printList<Item>(
  { items, json, render, remarks = [] }: ListToPrint<Item>,
  terminal: Pick<Terminal, 'stdout' | 'stderr'>,
): Promise<number> {
  const { stdout } = terminal
  if (json) return printJson(terminal, items)
  await printLines(stdout, render(items, stdout))
  await printRemarks(terminal, remarks)
  return exitCode.done
}
