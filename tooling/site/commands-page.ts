import { listedCommands, type Command } from '@subagent-mcp/checks/commands-page'

/** Returns the page of all commands with a section for each. The page in the repository is one table, because files there are short. */
export function commandsPage(help: unknown): string {
  const sections = listedCommands(help).flatMap(({ path, command }) => describeCommand(path, command))
  return ['# Commands', 'Every command has `--help`, which says the same.', ...sections, ''].join('\n\n')
}

function describeCommand(path: string, command: Command): string[] {
  const { description, details, words = [], flags = [], examples } = command
  const usage = [
    'subagent-mcp',
    path,
    ...words.map(({ typed }) => typed),
    ...(flags.length > 0 ? ['[options]'] : []),
  ]
  const entries = [
    ...words.map((word) => ({ label: word.typed, description: word.description })),
    ...flags.map(({ name, short, value = '', description: meaning }) => ({
      label: `${short === undefined ? '' : `${short}, `}${name} ${value}`.trim(),
      description: meaning,
    })),
  ]
  const rows = entries.map((entry) =>
    `| \`${entry.label}\` | ${asText(entry.description)} |`.replaceAll(/(?<=\w)\|(?=\w)/g, '\\|'),
  )
  return [
    `## ${path}`,
    `${asText(description)}.`,
    block([usage.join(' ')]),
    ...(details.length > 0 ? [details.map((line) => `- ${asText(line)}`).join('\n')] : []),
    ...(rows.length > 0 ? [['| argument or option | meaning |', '|---|---|', ...rows].join('\n')] : []),
    ...(examples.length > 0 ? ['Examples:', block(examples.map((line) => `subagent-mcp ${line}`))] : []),
  ]
}

function block(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n')
}

function asText(text: string): string {
  const parts = text.split('`').map((part, at) => (at % 2 === 1 ? part : part.replaceAll('<', '&lt;')))
  return parts.join('`').replaceAll('*', '\\*')
}
