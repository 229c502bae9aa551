import type { LaunchOptionsOf } from '@subagent-mcp/api'
import type { McpChoice, PermissionPreset, TaskCategory, ToolChoice } from '@subagent-mcp/contract'

/** A skill or an expertise: a text that an agent knows. */
export type Knowledge = { name: string; path: string; text: string }

/** When pooled processes of an agent are made and retired, as far as its definition says so. */
export type PoolKeys = {
  max?: number
  recycleAfterTasks?: number
  recycleAfterMinutes?: number
  recycleAboveMegabytes?: number
  idleMinutes?: number
}

/** What an agent is, as its file says. */
export type AgentDefinition = Omit<LaunchOptionsOf<'definition'>, 'provider'> & {
  name: string
  description: string
  path: string
  provider: string
  category?: TaskCategory
  /** Absolute; not checked to exist. */
  cwd?: string
  permissions: PermissionPreset
  /** Rules of what it may not do, and of what it must ask for, as they are written: not checked here. */
  deny: readonly string[]
  ask: readonly string[]
  tools?: ToolChoice
  maxTurns?: number
  mcp: McpChoice
  /** Servers of this agent alone, by name, each as in Claude's `.mcp.json`. */
  mcpServers?: Readonly<Record<string, unknown>>
  /** Names of further variables that its pooled processes get. */
  env: readonly string[]
  timeoutMs?: number
  pool: PoolKeys
  /** What each of its pooled sessions is told once; the files are absolute. */
  prime?: { prompt: string; files: readonly string[] }
  /** Another one when one of those files says something else. */
  primeDigest?: string
  skills: readonly Knowledge[]
  expertise: readonly Knowledge[]
  body: string
  /** Keys that are not read. */
  unknownKeys: readonly string[]
  /** What is worth telling, as that it hides another file of its name. */
  notes: readonly string[]
  /** The line of each of its keys. */
  lines: Readonly<Record<string, number>>
}
