import type { Failure, PermissionPreset, SessionSpec } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { GuardProject } from './guards/project-guard.js'

/** All that differs between one ACP agent and another. */
export type AcpProfile = {
  id: string
  /** What it is called in messages. */
  label: string
  command: string
  /** The variable by which a user says where the command is; without one it may have a folder in it. */
  executableVariable?: string
  args: readonly string[]
  /** Set for the agent; what has no value is taken out. */
  env: Environment
  /** The sign-in method for an agent that asks for one. */
  auth?: string
  installHint: string
  signInHint: string
  /** The model where none is asked for; the agent's own without it. */
  defaultModel?: string
  /** Names for the newest of the models that fit. */
  families: Readonly<Record<string, RegExp>>
  /** The agent's mode for each preset, the best first. */
  modes: Readonly<Record<PermissionPreset, readonly string[]>>
  /** `no` only when it is sure. */
  signedIn: (environment: Environment) => 'yes' | 'no' | 'unknown'
  /** What it does not ask for where its `limits` have it ask for all; without it nobody can say. */
  unasked?: string
  /** How a process is kept to the tools and the MCP servers that are chosen; without it neither can be. */
  limits?: (spec: LimitSpec) => Limits | { failure: Failure }
  /** How a session is kept from what its project's files would start; without it they have their effect. */
  guard?: GuardProject
  /** The command with which a person goes on with a session. */
  nativeResume?: (sessionId: string) => readonly string[]
  /** Makes what a process must find when it starts. */
  prepare?: (environment: Environment, policy: string) => Prepared
  /** What must be done before an earlier session is loaded; does not throw. */
  beforeLoad?: (sessionId: string, environment: Environment) => void
  /** What is left to be done when it is loaded, or was refused. */
  afterLoad?: (sessionId: string, environment: Environment) => void
  /** What the processes of its tools have in their environment, and neither the agent itself nor its MCP servers. */
  toolVariable?: { name: string; value: string }
  /** The pid of a command that a tool left running, read off what the tool said. */
  readBackground?: (end: ToolEnd) => number | undefined
  /** Deletes what the agent has on disk of a session, and of the commands that it left running; does not throw. */
  forget?: (left: { sessionId: string; background: readonly number[] }, environment: Environment) => void
}

/** What a tool said last, and how the tool is called. */
export type ToolEnd = { tool: string; output: string }

/** The part of a session spec that decides on its tools and MCP servers. */
export type LimitSpec = Pick<
  SessionSpec,
  'mcp' | 'cwd' | 'environment' | 'tools' | 'mcpServers' | 'ephemeral' | 'asksAll' | 'permissions'
>

/** Arguments, and rules in the agent's own format, which `prepare` puts where it finds them. */
export type Limits = { args: readonly string[]; policy: string }

/** What was made for one process. */
export type Prepared = {
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** A file to which the agent writes, while it does it, what it does not say over the protocol. */
  log: { path: string; readRetry: (line: string) => Retry | undefined }
  /** Called once, when no process is left. */
  remove: () => void
}

/** A model request that failed and is tried again. */
export type Retry = { attempt: number; maxAttempts: number; failure: Failure }
