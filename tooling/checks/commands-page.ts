import { z } from 'zod'

const Entry = z.object({ description: z.string() })
const Flag = Entry.extend({ name: z.string(), short: z.string().optional(), value: z.string().optional() })
const Command = Entry.extend({
  details: z.array(z.string()).default([]),
  words: z.array(Entry.extend({ typed: z.string() })).optional(),
  flags: z.array(Flag).optional(),
  commands: z.record(z.string(), z.string()).optional(),
  examples: z.array(z.string()).default([]),
})
export type Command = z.infer<typeof Command>

/** Returns the commands that people type, without groups and hidden ones. `help` is the content of `dist/help.json`. */
export function listedCommands(help: unknown): { path: string; command: Command }[] {
  const commands = z.record(z.string(), Command).parse(help)
  return Object.entries(commands).flatMap(([path, command]) =>
    command.commands || isHidden(commands, path) ? [] : [{ path, command }],
  )
}

/** Returns `docs/commands.md`: every command with its arguments and flags. `help` is the content of `dist/help.json`. */
export function commandsPage(help: unknown): string {
  const rows = listedCommands(help).map(({ path, command }) => row(path, command))
  return [
    '# Commands',
    '',
    'Every command has `--help`, which says the same. Written by `node tooling/checks/dist/main.js --write` from what the',
    'commands declare: change one in `apps/cli/src/commands/`, not here.',
    '',
    '| command | what it does | arguments and flags |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function isHidden(commands: Readonly<Record<string, Command>>, path: string): boolean {
  const at = path.lastIndexOf(' ')
  return commands[path.slice(0, Math.max(at, 0))]?.commands?.[path.slice(at + 1)] === undefined
}

function row(path: string, { description, details, words = [], flags = [] }: Command): string {
  const call = [path, ...words.map(({ typed }) => typed)].join(' ')
  const what = [description, ...details].map((line) => line.replace(/\.?$/, '.')).join(' ')
  const entries = [
    ...words.map(({ typed, description }) => ({ label: typed, description })),
    ...flags.map(({ name, short, value = '', description }) => ({
      label: `${short === undefined ? '' : `${short}, `}${name} ${value}`.trim(),
      description,
    })),
  ]
  const listed = entries.map((each) => `\`${each.label}\` ${each.description}`).join('<br>')
  return `| ${cell(`\`${call}\``)} | ${cell(what)} | ${cell(listed)} |`
}

/** Escapes a table cell. Outside of code, `<` would begin an HTML tag. */
function cell(text: string): string {
  const escaped = text.split('`').map((part, at) => (at % 2 === 1 ? part : part.replace(/<(?!br>)/g, '&lt;')))
  return escaped.join('`').replaceAll('|', '\\|')
}
