import type { CommandHelp, CommandsHelp, FlagHelp } from './commands-help.js'

/** The look of help: lines are wrapped at `columns`, headings are bold if `isColoured`. */
export type HelpStyle = { columns: number; isColoured: boolean }

/** Returns the help of the command at a path as text. */
export function renderHelp(all: CommandsHelp, path: string, style: HelpStyle): string {
  const help = all[path] ?? { description: '' }
  const main = help.default === undefined ? help : (all[join(path, help.default)] ?? help)
  const { words = [], flags = [] } = main
  const isShort = flags.some(({ short }) => short !== undefined)
  const sections = [
    section(
      'Arguments',
      words.map(({ typed, description }) => [typed, description]),
      style,
    ),
    section(
      'Options',
      flags.map((flag) => [flagText(flag, isShort), flag.description]),
      style,
    ),
    section('Commands', Object.entries(help.commands ?? {}), style),
  ]
  const parts = [
    `${heading('Usage:', style)} ${usageLines(help, main, path).join('\n       ')}\n`,
    ...[[help.description], main.details ?? []].flatMap((lines) => paragraph(lines, style)),
    ...sections.filter((text) => text !== ''),
    ...examples(main, style),
    ...(help.commands ? [`${join(own, path)} <command> --help describes one command.\n`] : []),
  ]
  return parts.join('\n')
}

const own = 'subagent-mcp'

function join(...names: readonly string[]): string {
  return names.filter((name) => name !== '').join(' ')
}

function usageLines(
  { commands, default: defaultName }: CommandHelp,
  main: CommandHelp,
  path: string,
): string[] {
  const { words = [], flags = [] } = main
  const call = join(own, path, ...words.map(({ typed }) => typed), flags.length > 0 ? '[options]' : '')
  if (!commands) return [call]
  const named = join(own, path, '<command> ...')
  return defaultName === undefined ? [named] : [`${call} (runs ${defaultName})`, named]
}

function examples({ examples: lines = [] }: CommandHelp, style: HelpStyle): string[] {
  if (lines.length === 0) return []
  return [`${heading('Examples:', style)}\n${lines.map((line) => `  ${own} ${line}\n`).join('')}`]
}

function flagText({ name, short, value }: FlagHelp, isShort: boolean): string {
  const before = short === undefined ? (isShort ? '    ' : '') : `${short}, `
  return `${before}${name}${value === undefined ? '' : ` ${value}`}`
}

function section(title: string, rows: readonly (readonly [string, string])[], style: HelpStyle): string {
  if (rows.length === 0) return ''
  const width = Math.min(widest, Math.max(...rows.map(([left]) => left.length)))
  const indent = ' '.repeat(width + 4)
  const lines = rows.flatMap(([left, right]) => {
    const [first = '', ...more] = wrap(right, Math.max(30, style.columns - indent.length))
    const head =
      left.length > width ? [`  ${left}`, `${indent}${first}`] : [`  ${left.padEnd(width)}  ${first}`]
    return [...head, ...more.map((line) => `${indent}${line}`)]
  })
  return `${heading(`${title}:`, style)}\n${lines.join('\n')}\n`
}

/** The largest width of the left column of help; longer texts stand on a line of their own. */
const widest = 30

function paragraph(lines: readonly string[], { columns }: HelpStyle): string[] {
  return lines.length === 0 ? [] : [`${lines.flatMap((line) => wrap(line, columns)).join('\n')}\n`]
}

function heading(text: string, { isColoured }: HelpStyle): string {
  return isColoured ? `\u001b[1m${text}\u001b[22m` : text
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines
}
