import type { Word } from './word.js'

/** A file that a command reads or writes by a redirection. */
export type Redirection = { writes: boolean; target: Word }

/** One simple command. Without words it only assigns variables. */
export type ShellCommand = {
  words: readonly Word[]
  assignments: readonly string[]
  /** Whether the assigned values are plain text that no program takes for a file. */
  assignsText?: true
  redirections: readonly Redirection[]
  /** For `xargs`: the folders whose files it gets, when they are known. */
  searched?: readonly Word[]
}

/** All commands that a line may run, also inside substitutions; `opaque` says which part was not understood. */
export type CommandLine = { commands: readonly ShellCommand[]; opaque?: string }
