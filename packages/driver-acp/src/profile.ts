import type { Driver, Failure, PermissionPreset, SessionSpec } from '@subagent-mcp/contract'
import type { Cli, Environment } from '@subagent-mcp/driver-kit'
import type { ProjectFilesCheck } from './guards/project-guard.js'

export type AcpProfile = Cli & {
  /** The name of the agent as a provider. */
  id: string
  args: readonly string[]
  /** Variables for the agent. One without a value is removed from its environment. */
  env: Environment
  /** The sign-in method for an agent that requires one. */
  auth?: string
  /** The model of launches of this agent that choose none. Default: the agent's own choice. */
  defaultModel?: string
  /** Aliases, each for the newest of the models that match. */
  families: Readonly<Record<string, RegExp>>
  /** The agent's own modes for each permission preset, the best first. */
  modes: Readonly<Record<PermissionPreset, readonly string[]>>
  /** Whether the agent is signed in; `unknown` in doubt. */
  signedIn: (environment: Environment) => 'yes' | 'no' | 'unknown'
  /** How the agent is given another account of the user. Missing where it has only one. */
  account?: NonNullable<Driver['account']>
  /** The calls for which the agent does not ask even when `asksAll` is set. Missing when they are not known. */
  unasked?: string
  /** Limits an agent process to chosen tools and MCP servers. Without this function launches of the agent cannot choose tools. */
  limits?: (spec: ToolLimitSpec) => ToolLimits | { failure: Failure }
  /** Keeps a session from what files of its project would start. Without it these files have their effect. */
  guard?: ProjectFilesCheck
  /** Returns the agent's command line with which a person resumes a session in a terminal. */
  nativeResume?: (sessionId: string) => readonly string[]
  /** Creates the files that a process needs when it starts. */
  prepare?: (environment: Environment, policy: string) => AgentProcessFiles
  /** Called before the driver sends `session/load` to the agent. Must not throw. */
  beforeLoad?: (sessionId: string, environment: Environment) => void
  /** Called after the agent has answered `session/load`, also with a refusal. */
  afterLoad?: (sessionId: string, environment: Environment) => void
  /** A variable that only processes of the agent's tools have, and neither the agent itself nor its MCP servers. */
  toolVariable?: { name: string; value: string }
  /** Reads from a tool's output the pid of a command that the tool left running; undefined without one. */
  readBackground?: (end: EndedToolCall) => number | undefined
  /** Deletes the files of a session, and of the commands that it left running. Must not throw. */
  forget?: (left: { sessionId: string; background: readonly number[] }, environment: Environment) => void
}

export type EndedToolCall = { tool: string; output: string }

/** The fields of a session spec from which an agent's tool limits are computed. */
export type ToolLimitSpec = Pick<
  SessionSpec,
  'mcp' | 'cwd' | 'environment' | 'tools' | 'mcpServers' | 'ephemeral' | 'asksAll' | 'permissions'
>

/** Limits of an agent process: its arguments, and rules in the agent's own format, which `prepare` writes to a file. */
export type ToolLimits = { args: readonly string[]; policy: string }

/** Arguments, variables and log of one agent process; `remove` deletes the files made for it. */
export type AgentProcessFiles = {
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** The log file in which the agent reports retries, because it does not over ACP, and the reader of its lines. */
  log: { path: string; readRetry: (line: string) => ModelRetry | undefined }
  remove: () => void
}

export type ModelRetry = { attempt: number; maxAttempts: number; failure: Failure }
