import type { ShellCommand } from '../shell/command.js'

/**
 * One thing that a call does. A command is in one of its `folders`; `files` are those that each of its words may name,
 * with `undefined` for one that cannot be told.
 */
export type CallAction =
  | { type: 'read' | 'edit' | 'delete'; path: string }
  | { type: 'run'; command: ShellCommand; folders: readonly string[]; files: readonly Files[] }
  | { type: 'network'; host: string | undefined }
  | { type: 'mcp' | 'other'; tool: string }
  /** It changes nothing but the session, as a to-do list does; or what it does is asked for on its own. */
  | { type: 'session'; tool: string }
  /** It cannot be told what it does. */
  | { type: 'opaque'; why: string }

/** The files that a word may name. */
export type Files = readonly (string | undefined)[]

/** What a question of a CLI asks for. Nothing of it may be done unless all of it may. */
export type UnderstoodCall = { tool: string; actions: readonly CallAction[] }
