import type { LaunchOptionsOf } from '@subagent-mcp/api'
import type { McpChoice, PermissionPreset, TaskCategory, ToolChoice } from '@subagent-mcp/contract'

/** A skill or expertise: a text that is added to an agent's prompt. */
export type Knowledge = { name: string; path: string; text: string }

/** The `pool` settings of a definition. */
export type PoolKeys = {
  max?: number
  recycleAfterTasks?: number
  recycleAfterMinutes?: number
  recycleAboveMegabytes?: number
  idleMinutes?: number
}

/** An agent definition as read from its file. */
export type AgentDefinition = Omit<LaunchOptionsOf<'definition'>, 'provider'> & {
  name: string
  description: string
  path: string
  provider: string
  category?: TaskCategory
  /** Absolute. It may not exist. */
  cwd?: string
  permissions: PermissionPreset
  /** Permission rules as written: what the agent may not do, and what it must ask for. They are not parsed here. */
  deny: readonly string[]
  ask: readonly string[]
  tools?: ToolChoice
  maxTurns?: number
  mcp: McpChoice
  /** Additional MCP servers of this agent, by name, as in Claude's `.mcp.json`. */
  mcpServers?: Readonly<Record<string, unknown>>
  /** Names of additional environment variables for its pooled processes. */
  env: readonly string[]
  timeoutMs?: number
  pool: PoolKeys
  /** The prompt that each new pooled session runs once, and the absolute paths of its files. */
  prime?: { prompt: string; files: readonly string[] }
  /** A hash of the content of those files. */
  primeDigest?: string
  skills: readonly Knowledge[]
  expertise: readonly Knowledge[]
  body: string
  /** Keys of the file that are ignored. */
  unknownKeys: readonly string[]
  /** Remarks for the user, such as that the file hides another one of the same name. */
  notes: readonly string[]
  /** The line of each key in the file. */
  lines: Readonly<Record<string, number>>
}
