import type { ShellWord } from './shell-word.js'

export type Redirection = { writes: boolean; target: ShellWord }

/** One simple command. Without words it only assigns variables. */
export type ShellCommand = {
  words: readonly ShellWord[]
  assignments: readonly string[]
  /** Whether the assigned values are plain text that no program takes for a file. */
  assignsText?: true
  redirections: readonly Redirection[]
  /** For `xargs`: the folders whose files it gets, when they are known. */
  searched?: readonly ShellWord[]
}

/** All commands that a line may run, also inside substitutions; `opaque` says which part was not understood. */
export type ParsedCommandLine = { commands: readonly ShellCommand[]; opaque?: string }
