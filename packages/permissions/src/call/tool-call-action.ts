import type { ShellCommand } from '../shell/shell-command.js'

/**
 * One thing that a tool call does. A command runs in one of its `folders`; `files` has the files that each of its words may
 * name, with undefined for an unknown one.
 */
export type ToolCallAction =
  | { type: 'read' | 'edit' | 'delete'; path: string }
  | { type: 'run'; command: ShellCommand; folders: readonly string[]; files: readonly PossibleWordFiles[] }
  | { type: 'network'; host: string | undefined }
  | { type: 'mcp' | 'other'; tool: string }
  /** Changes only the session, such as a to-do list, or leads to further calls that ask on their own. */
  | { type: 'session'; tool: string }
  /** The effect of the call is not known. */
  | { type: 'opaque'; why: string }

/** The files that a word of a shell command may name; undefined for an unknown file. */
export type PossibleWordFiles = readonly (string | undefined)[]

/** The actions of a tool call that a CLI asks about. The call is allowed only if all of them are. */
export type ParsedToolCall = { tool: string; actions: readonly ToolCallAction[] }
