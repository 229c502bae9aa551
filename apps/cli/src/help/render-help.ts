import type { CommandHelp, CliCommandsHelp, CliFlagHelp } from './commands-help.js'
import { wrapPieces, wrapText } from '../terminal/wrap-text.js'

/** How help is printed: lines are wrapped at `columns`, headings are bold if `isColoured`. */
export type HelpStyle = { columns: number; isColoured: boolean }

/** Returns the help of the command at a path as text. Only the lines of examples, which are meant to be copied, are never wrapped. */
export function renderHelp(all: CliCommandsHelp, path: string, style: HelpStyle): string {
  const help = all[path] ?? { description: '' }
  const main = help.default === undefined ? help : (all[join(path, help.default)] ?? help)
  const parts = [
    usage(usageLines(help, main, path), style),
    ...[[help.description], main.details ?? []].flatMap((lines) => paragraph(lines, style)),
    ...sectionsOf(help, main).flatMap(({ title, rows }) => section(title, rows, style)),
    ...commandSections(help, style),
    ...examples(help.commands ? (help.examples ?? main.examples) : main.examples, style),
    ...(help.commands
      ? paragraph([`${join(own, path)} <command> --help describes one command.`], style)
      : []),
  ]
  return parts.join('\n')
}

const own = 'subagent-mcp'

function join(...names: readonly string[]): string {
  return names.filter((name) => name !== '').join(' ')
}

/** Returns the usage lines of a command in pieces, between which a line may be wrapped. */
function usageLines(
  { commands, default: defaultName }: CommandHelp,
  main: CommandHelp,
  path: string,
): string[][] {
  const { words = [], flags = [] } = main
  const call = [
    join(own, path),
    ...words.map(({ typed }) => typed),
    ...(flags.length > 0 ? ['[options]'] : []),
  ]
  if (!commands) return [call]
  const named = [join(own, path), '<command> ...']
  return defaultName === undefined ? [named] : [[...call, `(runs ${defaultName})`], named]
}

function usage(lines: readonly (readonly string[])[], style: HelpStyle): string {
  const indent = ' '.repeat('Usage: '.length)
  const wrapped = lines.flatMap((pieces) => {
    const [first = '', ...more] = wrapPieces(pieces, style.columns - indent.length)
    return [`${indent}${first}`, ...more.map((line) => `${indent}  ${line}`)]
  })
  return `${heading('Usage:', style)} ${wrapped.join('\n').trimStart()}\n`
}

type Row = readonly [left: string, right: string]
type Section = { title: string; rows: readonly Row[] }

function sectionsOf(help: CommandHelp, { words = [], flags = [] }: CommandHelp): readonly Section[] {
  const isShort = flags.some(({ short }) => short !== undefined)
  const commands = Object.entries(help.commands ?? {})
  return [
    { title: 'Arguments', rows: words.map(({ typed, description }) => [typed, description]) },
    { title: 'Options', rows: flags.map((flag) => [flagText(flag, isShort), flag.description]) },
    { title: 'Commands', rows: help.headings ? [] : commands },
  ]
}

/** Renders the commands of a group under its headings, with the names in one column. */
function commandSections({ headings = {}, commands = {} }: CommandHelp, style: HelpStyle): string[] {
  const width = widthOf(Object.keys(commands))
  return Object.entries(headings).flatMap(([title, names]) =>
    section(
      title,
      names.map((name) => [name, commands[name] ?? '']),
      style,
      width,
    ),
  )
}

function examples(lines: readonly string[] = [], style: HelpStyle): string[] {
  if (lines.length === 0) return []
  return [`${heading('Examples:', style)}\n${lines.map((line) => `  ${own} ${line}\n`).join('')}`]
}

function flagText({ name, short, value }: CliFlagHelp, isShort: boolean): string {
  const before = short === undefined ? (isShort ? '    ' : '') : `${short}, `
  return `${before}${name}${value === undefined ? '' : ` ${value}`}`
}

function section(
  title: string,
  rows: readonly Row[],
  style: HelpStyle,
  width = widthOf(rows.map(([left]) => left)),
): string[] {
  if (rows.length === 0) return []
  const beside = style.columns - width - 4
  // On a narrow terminal the description of an option stands below its name.
  const lines =
    beside < narrowest
      ? rows.flatMap((row) => stacked(row, style))
      : rows.flatMap((row) => besideName(row, width, beside))
  return [`${heading(`${title}:`, style)}\n${lines.join('\n')}\n`]
}

function besideName([left, right]: Row, width: number, columns: number): string[] {
  const indent = ' '.repeat(width + 4)
  const [first = '', ...more] = wrapText(right, columns)
  const head =
    left.length > width ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(width)}  ${first}`]
  return [...head, ...more.map((line) => `${indent}${line}`)]
}

function stacked([left, right]: Row, { columns }: HelpStyle): string[] {
  const [first = '', ...more] = wrapText(left.trim(), columns - 4)
  const head = [`  ${first}`, ...more.map((line) => `    ${line}`)]
  return [...head, ...wrapText(right, columns - 6).map((line) => `      ${line}`)]
}

function widthOf(names: readonly string[]): number {
  return Math.min(widest, Math.max(...names.map((name) => name.length)))
}

/** The largest width of the left column of help; longer texts stand on a line of their own. */
const widest = 30

/** The smallest width in characters of a description beside its name. */
const narrowest = 24

function paragraph(lines: readonly string[], { columns }: HelpStyle): string[] {
  return lines.length === 0 ? [] : [`${lines.flatMap((line) => wrapText(line, columns)).join('\n')}\n`]
}

function heading(text: string, { isColoured }: HelpStyle): string {
  return isColoured ? `\u001b[1m${text}\u001b[22m` : text
}
