import { SubagentError } from '@subagent-mcp/contract'
import type { CliCommand } from './define-command.js'
import { unknownNameText } from './did-you-mean.js'
import { usageError } from './wrong-use.js'

/** Commands by name. A command's module is loaded only when the command runs, so that all commands start fast. */
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
  const { path, load, rest } = findCommand(root, args)
  const command = await load()
  try {
    await command.execute(rest)
  } catch (error) {
    throw withHelp(error, path)
  }
}

/** Whether a command line names only a group without a default command. The answer is the group's help. */
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
export function findCommand(
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
  return typeof found === 'function' ? { path: next, load: found, rest } : findCommand(found, rest, next)
}

/** Returns an own property of an object. Inherited properties, such as `constructor`, are not commands. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function noCommand({ commands }: CliCommandGroup, typed: string | undefined): SubagentError {
  const names = Object.keys(commands)
  if (typed === undefined) return usageError(`a command is missing: one of ${names.join(', ')}`)
  if (typed.startsWith('-')) return usageError(`Unknown option '${typed}': a command comes first`)
  return usageError(unknownNameText('command', typed, names))
}

function withHelp(error: unknown, path: readonly string[]): unknown {
  const isBare =
    error instanceof SubagentError && error.code === 'unknown-parameter' && error.hint === undefined
  if (!isBare) return error
  return usageError(error.message, `see ${['subagent-mcp', ...path, '--help'].join(' ')}`)
}
