import { SubagentError } from '@subagent-mcp/contract'
import type { CliCommand } from './define-cli-command.js'
import { describeUnknownName } from './did-you-mean.js'
import { createUsageError } from './create-usage-error.js'

/** A group of subcommands by name. The module of a command is loaded only when that command runs, so that all start fast. */
export type CliCommandGroup = {
  description: string
  commands: Readonly<Record<string, CliCommandGroup | CliCommandLoader>>
  /** The name of the command that runs if the command line names none. */
  default?: string
  /** Headings of the group's help, each with the names of its commands. */
  headings?: Readonly<Record<string, readonly string[]>>
  /** Command lines without `subagent-mcp`, for the group's help. */
  examples?: readonly string[]
}

export type CliCommandLoader = () => Promise<CliCommand>

/** Runs the command that a command line names. @throws SubagentError whose hint names the help, when the command line is wrong */
export async function runCommandLine(root: CliCommandGroup, args: readonly string[]): Promise<void> {
  const { path, load, rest } = findCliCommand(root, args)
  const command = await load()
  try {
    await command.execute(rest)
  } catch (error) {
    throw withHelp(error, path)
  }
}

/** Whether a command line names a group but no command in it, and the group has no default. The user then gets the group's help. */
export function isGroupWithoutCommand(root: CliCommandGroup, words: readonly string[]): boolean {
  let group: CliCommandGroup | CliCommandLoader | undefined = root
  for (const word of words) {
    if (typeof group !== 'object') return false
    group = own(group.commands, word)
  }
  return typeof group === 'object' && group.default === undefined
}

type Found = { path: readonly string[]; load: CliCommandLoader; rest: readonly string[] }

/** Finds the command that a command line names. `rest`: the words after the command's name. @throws SubagentError */
export function findCliCommand(
  group: CliCommandGroup,
  args: readonly string[],
  path: readonly string[] = [],
): Found {
  const [first] = args
  const isNamed = first !== undefined && !first.startsWith('-')
  const name = isNamed ? first : group.default
  const found = name === undefined ? undefined : own(group.commands, name)
  if (name === undefined || found === undefined) throw withHelp(noCommand(group, first), path)
  const rest = isNamed ? args.slice(1) : args
  const next = [...path, name]
  return typeof found === 'function' ? { path: next, load: found, rest } : findCliCommand(found, rest, next)
}

/** Returns an own property of an object. Inherited properties, such as `constructor`, are not commands. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function noCommand({ commands }: CliCommandGroup, typed: string | undefined): SubagentError {
  const names = Object.keys(commands)
  if (typed === undefined) return createUsageError(`a command is missing: one of ${names.join(', ')}`)
  if (typed.startsWith('-')) return createUsageError(`Unknown option '${typed}': a command comes first`)
  return createUsageError(describeUnknownName('command', typed, names))
}

function withHelp(error: unknown, path: readonly string[]): unknown {
  const isBare =
    error instanceof SubagentError && error.code === 'unknown-parameter' && error.hint === undefined
  if (!isBare) return error
  return createUsageError(error.message, `see ${['subagent-mcp', ...path, '--help'].join(' ')}`)
}
