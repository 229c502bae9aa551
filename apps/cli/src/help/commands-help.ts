/** The help of every command by its path, as in `chat send`; that of the root has the empty path. */
export type CommandsHelp = Record<string, CommandHelp>

/** What is known of a command without loading it. A group of commands has `commands`, and no flags of its own. */
export type CommandHelp = {
  description: string
  details?: readonly string[]
  words?: readonly WordHelp[]
  flags?: readonly FlagHelp[]
  /** Descriptions by name. */
  commands?: Readonly<Record<string, string>>
  default?: string
}

/** An argument without a flag, as it is typed: `<agent>`, `[<task> ...]`. */
export type WordHelp = { typed: string; description: string; choices?: readonly string[] }

/** `value` stands for its value, and is missing where it takes none; in `[]` where it may be left out. */
export type FlagHelp = {
  name: string
  short?: string
  value?: string
  choices?: readonly string[]
  description: string
}
