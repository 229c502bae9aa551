import type { Edit } from '../edit/edit.js'
import type { JsonRules } from '../edit/json/json-document.js'

/** What is asked of the machine that is set up. */
export type Machine = {
  platform: NodeJS.Platform
  home: string
  environment: Readonly<Record<string, string | undefined>>
  /** Whether there is a file or a folder. */
  exists(path: string): boolean
  /** Where PATH leads for the name of a program. */
  executable(name: string): string | undefined
}

/** What the user chose, and how our program is started. */
export type Wiring = {
  /** What comes before `serve` and `hook`: node and the script with their whole paths, or npx and the pinned package. */
  server: { command: string; args: readonly string[] }
  scope: 'user' | 'project'
  /** The project's root; only looked at in its scope. */
  project: string
  hooks: boolean
  /** Whether the host's own launchers of sub-agents are turned off. */
  suppressNative: boolean
  /** Names of the variables that a host keeps from its servers and ours needs; `forwardedNames` usually. */
  forward: readonly string[]
}

/** What is to become of one file, for one reason. */
export type FileChange = {
  host: HostId
  /** A few words for the plan. */
  what: string
  path: string
  format: FileFormat
  edits: readonly Edit[]
  /** Where its host takes no other keys at the top of the file: with one it passes by the whole of it. */
  topLevelKeys?: readonly string[]
  /** What to put in by hand where the file cannot be edited. */
  snippet: string
}

/** How a file is read: TOML, or JSON with what its host's reader takes beyond JSON. */
export type FileFormat = 'toml' | JsonRules

export type HostId =
  | 'claude'
  | 'codex'
  | 'gemini'
  | 'claude-desktop'
  | 'copilot'
  | 'cursor'
  | 'opencode'
  | 'vscode'
  | 'windsurf'
  | 'zed'

/** How long a host lets a call of a tool take, and how its entry of our server has it wait longer. */
export type CallLimit = {
  key: string
  /** Of the key's unit: 1000 where it counts milliseconds. */
  perSecond: 1 | 1000
  /** Seconds without the key, as far as they are known. */
  usual?: number
  /** The most seconds that it takes. */
  longest?: number
}

/** All that is known of a program which can call our tools. */
export type Host = {
  id: HostId
  label: string
  /** Whether its own program has read what we write; else its documentation says so. */
  tested: boolean
  scopes: readonly Wiring['scope'][]
  /** By its folder or its program. */
  isPresent(machine: Machine): boolean
  /** None in a scope that it does not have. */
  changes(machine: Machine, wiring: Wiring): readonly FileChange[]
  /** Undefined where nothing is known of one. */
  callLimit?: CallLimit
  /** The user's own file that its model reads before it begins to work, in whatever project. */
  instructions?(machine: Machine): string
  /** What the user has to do for it to take effect. */
  restart: string
}
