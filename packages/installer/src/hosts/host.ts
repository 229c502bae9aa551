import type { DocumentEdit } from '../edit/edit.js'
import type { JsonRules } from '../edit/json/json-document.js'

export type HostMachine = {
  platform: NodeJS.Platform
  home: string
  environment: Readonly<Record<string, string | undefined>>
  exists(path: string): boolean
  /** The path of a program, by its name; undefined when it is not installed. */
  executable(name: string): string | undefined
}

/** How a host is to be connected to this program: the server's command line, the scope, and the options of the user. */
export type HostSetup = {
  /** The command line before `serve` and `hook`: Node and the script with absolute paths, or npx and a package with its version. */
  server: { command: string; args: readonly string[] }
  scope: 'user' | 'project'
  /** The root of the project that is set up; only used for the scope `project`. */
  project: string
  hooks: boolean
  /** Whether the host's own sub-agents are turned off. */
  suppressNative: boolean
  /** Whether Claude Code shows our status line; only used for the scope `user`. Default: false. */
  statusLine?: boolean
  /** Environment variables, by name, that hosts hide from their servers and our server needs; by default `forwardedVariables`. */
  forward: readonly string[]
  /** The host whose plugin has these entries. Server and hooks of a plugin do nothing where `setup` has wired that host. */
  plugin?: HostId
}

export type FileChange = {
  /** The host that reads the file; `own` for the `config.jsonc` of subagent-mcp. */
  host: HostId | 'own'
  what: string
  path: string
  format: FileFormat
  edits: readonly DocumentEdit[]
  /** The only top-level keys that the host accepts; it ignores a file with another one. */
  topLevelKeys?: readonly string[]
  /** The text to paste by hand when the file cannot be edited. */
  snippet: string
}

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

/** The time limit of a host for calls of tools, and the key of our entry that raises it. */
export type HostCallLimit = {
  key: string
  /** The units of the key in a second: 1000 for milliseconds. */
  perSecond: 1 | 1000
  /** The limit without the key, in seconds, if it is known. */
  default?: number
  /** The highest value that the host accepts, in seconds. */
  longest?: number
}

/** Everything that the installer knows about a host, a program that can call our tools. */
export type Host = {
  id: HostId
  label: string
  /** Whether our entries were tested with the host's program; otherwise they follow its documentation. */
  tested: boolean
  scopes: readonly HostSetup['scope'][]
  isPresent(machine: HostMachine): boolean
  /** The changes for a wiring; none in a scope that the host does not have. */
  changes(machine: HostMachine, wiring: HostSetup): readonly FileChange[]
  /** The host's time limit for tool calls; undefined when none is known. */
  callLimit?: HostCallLimit
  /** The user's own instruction file, which the host gives its model in every project. */
  instructions?(machine: HostMachine): string
  /** The step by which the user makes the host read its changed files, as text. */
  restart: string
}
