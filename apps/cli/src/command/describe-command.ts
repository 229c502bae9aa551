import { omitUndefined } from '@subagent-mcp/contract'
import type { CommandHelp, CliCommandsHelp, CliFlagHelp, CliArgumentHelp } from '../help/commands-help.js'
import type { CliCommandGroup } from './command-tree.js'
import type { ArgSchemas } from './command-spec.js'
import type { CliCommand } from './define-cli-command.js'
import { formatFlagName, showsChoicesInHelp, formatOptionPlaceholder } from './read-cli-args.js'
import type { ArgsRule } from './arg-rules.js'
import { describeCliParameter } from './cli-parameter.js'

/** Loads all commands and describes them by path, as in `chat send`; the path of the root is empty. */
export async function describeCommands(
  root: CliCommandGroup,
  path: readonly string[] = [],
): Promise<CliCommandsHelp> {
  const described: CliCommandsHelp = {}
  const commands: Record<string, string> = {}
  for (const [name, branch] of Object.entries(root.commands)) {
    const next = [...path, name]
    if (typeof branch === 'function') {
      const command = await branch()
      described[next.join(' ')] = describeCommand(command)
      if (!command.isHidden) commands[name] = command.description
    } else {
      Object.assign(described, await describeCommands(branch, next))
      commands[name] = branch.description
    }
  }
  const { description, examples, default: defaultName, headings } = root
  const group: CommandHelp = {
    description,
    commands,
    ...omitUndefined({ examples, default: defaultName, headings }),
  }
  return { [path.join(' ')]: group, ...described }
}

function describeCommand({ description, details, examples, words, flags, rules }: CliCommand): CommandHelp {
  const show = (name: string): string => (name in words ? `<${name}>` : formatFlagName(name))
  const linesFor = (name: string): string => ruleText(rules, name, show)
  return {
    description,
    ...(details.length > 0 && { details: [...details] }),
    ...(examples.length > 0 && { examples: [...examples] }),
    words: Object.entries(words).map(([name, schema]) => describeWord(name, schema, linesFor(name))),
    flags: Object.entries(flags).map(([name, schema]) => describeFlag(name, schema, linesFor(name))),
  }
}

function describeWord(name: string, schema: ArgSchemas[string], more: string): CliArgumentHelp {
  const { kind, isRequired, choices, names, ...value } = describeCliParameter(schema)
  const typed = `<${name}>${kind === 'rest' ? ' ...' : ''}`
  const oneOf = choices.length > 0 ? `: ${choices.join(', ')}` : ''
  const description = `${value.description}${oneOf}${defaultText(value)}${more}`
  return {
    typed: isRequired ? typed : `[${typed}]`,
    description,
    ...(choices.length > 0 && { choices }),
    ...omitUndefined({ names }),
  }
}

function describeFlag(name: string, schema: ArgSchemas[string], more: string): CliFlagHelp {
  const value = describeCliParameter(schema)
  const { kind, short, choices, isValueOptional, names } = value
  const oneOf = choices.length > 0 && !showsChoicesInHelp(value) ? `: ${choices.join(', ')}` : ''
  return {
    name: formatFlagName(name),
    ...(short !== undefined && { short: `-${short}` }),
    ...(kind !== 'toggle' && {
      value: isValueOptional ? `[${formatOptionPlaceholder(value)}]` : formatOptionPlaceholder(value),
    }),
    ...(choices.length > 0 && { choices }),
    ...omitUndefined({ names }),
    description: `${value.description}${oneOf}${defaultText(value)}${more}`,
  }
}

function defaultText({ default: text }: { default: string | undefined }): string {
  return text === undefined ? '' : ` (default: ${text})`
}

function ruleText(rules: readonly ArgsRule<string>[], name: string, show: (name: string) => string): string {
  const own = rules.flatMap((rule) => (rule.type !== 'one-of' && rule.name === name ? [rule] : []))
  const needed = own.flatMap((rule) => (rule.type === 'needs' ? rule.anyOf.map(show) : []))
  const excluded = own.flatMap((rule) => (rule.type === 'excludes' ? rule.others.map(show) : []))
  const needs = needed.length > 0 ? `. Needs ${needed.join(' or ')}` : ''
  return excluded.length > 0 ? `${needs}. Cannot be combined with ${excluded.join(', ')}` : needs
}
