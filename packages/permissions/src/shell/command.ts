import type { Word } from './word.js'

/** A file that a command reads or writes without naming it among its words. */
export type Redirection = { writes: boolean; target: Word }

/** One program with its words; without words it only assigns. */
export type ShellCommand = {
  words: readonly Word[]
  assignments: readonly string[]
  /** Whether what is assigned is plain text that no program takes for a file. */
  assignsText?: true
  redirections: readonly Redirection[]
  /** For `xargs`: the folders whose files it gets, where that is known. */
  searched?: readonly Word[]
}

/** All that a command line may run, also inside substitutions; `opaque` says what of it is not understood. */
export type CommandLine = { commands: readonly ShellCommand[]; opaque?: string }
