import type { Failure, PermissionPreset, SessionSpec } from '@subagent-mcp/contract'
import type { Cli, Environment } from '@subagent-mcp/driver-kit'
import type { GuardProject } from './guards/project-guard.js'

/** Everything that differs between one ACP agent and another. */
export type AcpProfile = Cli & {
  /** The name of the agent as a provider. */
  id: string
  args: readonly string[]
  /** Variables for the agent. One without a value is removed from its environment. */
  env: Environment
  /** The sign-in method for an agent that requires one. */
  auth?: string
  /** The model of launches that set none. Default: the agent's own choice. */
  defaultModel?: string
  /** Aliases, each for the newest of the models that match. */
  families: Readonly<Record<string, RegExp>>
  /** The modes of the agent for each preset, the best first. */
  modes: Readonly<Record<PermissionPreset, readonly string[]>>
  /** Whether the agent is signed in; `unknown` in doubt. */
  signedIn: (environment: Environment) => 'yes' | 'no' | 'unknown'
  /** The calls for which the agent does not ask even when `asksAll` is set. Missing when they are not known. */
  unasked?: string
  /** Limits a process to chosen tools and MCP servers. Without it a launch cannot choose any. */
  limits?: (spec: ToolLimitSpec) => ToolLimits | { failure: Failure }
  /** Keeps a session from what files of its project would start. Without it these files have their effect. */
  guard?: GuardProject
  /** The command with which a person resumes a session in a terminal. */
  nativeResume?: (sessionId: string) => readonly string[]
  /** Creates the files that a process needs when it starts. */
  prepare?: (environment: Environment, policy: string) => PreparedProcess
  /** Called before a session is loaded. Must not throw. */
  beforeLoad?: (sessionId: string, environment: Environment) => void
  /** Called after a session was loaded, or was refused. */
  afterLoad?: (sessionId: string, environment: Environment) => void
  /** A variable that only the processes of its tools have, and neither the agent itself nor its MCP servers. */
  toolVariable?: { name: string; value: string }
  /** Reads the pid of a command that a tool left running from the output of the tool. */
  readBackground?: (end: ToolOutput) => number | undefined
  /** Deletes the files of a session, and of the commands that it left running. Must not throw. */
  forget?: (left: { sessionId: string; background: readonly number[] }, environment: Environment) => void
}

/** The name and the final output of a tool call. */
export type ToolOutput = { tool: string; output: string }

/** The part of a session spec that decides its tools and MCP servers. */
export type ToolLimitSpec = Pick<
  SessionSpec,
  'mcp' | 'cwd' | 'environment' | 'tools' | 'mcpServers' | 'ephemeral' | 'asksAll' | 'permissions'
>

/** Arguments for a process, and rules in the agent's own format, which `prepare` writes to a file. */
export type ToolLimits = { args: readonly string[]; policy: string }

/** Arguments, variables and files of one process. */
export type PreparedProcess = {
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** A log to which the agent writes what it does not report over the protocol. */
  log: { path: string; readRetry: (line: string) => ModelRetry | undefined }
  remove: () => void
}

/** A failed model request that the agent tries again. */
export type ModelRetry = { attempt: number; maxAttempts: number; failure: Failure }
