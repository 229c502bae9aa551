/** The help of every command by its path, as in `chat send`; that of the root has the empty path. */
export type CliCommandsHelp = Record<string, CommandHelp>

/** The help of one command, readable without loading the command. A group has `commands`, and no options of its own. */
export type CommandHelp = {
  description: string
  details?: readonly string[]
  /** Example command lines without `subagent-mcp`. */
  examples?: readonly string[]
  words?: readonly CliArgumentHelp[]
  flags?: readonly CliFlagHelp[]
  commands?: Readonly<Record<string, string>>
  /** The name of the command that runs if a command line names only the group. */
  default?: string
  /** Headings of a group's help, each with the names of its commands. */
  headings?: Readonly<Record<string, readonly string[]>>
}

/** Kinds of names that completions ask `subagent-mcp complete` for, because they change from day to day. */
export const completionNameKinds = ['agents', 'definitions', 'providers', 'workers'] as const

export type CompletionNameKind = (typeof completionNameKinds)[number]

/** The values that a shell completes for an option or argument: fixed ones, or the names that exist now. */
type Completed = { choices?: readonly string[]; names?: CompletionNameKind }

/** A positional argument, as help shows it: `<agent>`, `[<task> ...]`. */
export type CliArgumentHelp = Completed & { typed: string; description: string }

/** An option. `value` stands for its value, in `[]` where it may be left out; options without a value have none. */
export type CliFlagHelp = Completed & { name: string; short?: string; value?: string; description: string }
