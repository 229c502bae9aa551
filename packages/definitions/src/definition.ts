import type { LaunchOptionsOfSurface } from '@subagent-mcp/api'
import type { SessionMcpServers, PermissionPreset, TaskCategory, SessionTools } from '@subagent-mcp/contract'

export type SkillOrExpertise = { name: string; path: string; text: string }

/** Words that a definition can have in place of a provider: the routing table then chooses the provider. With `other` it never chooses the caller's own. */
export type ProviderPlaceholder = 'any' | 'other'

export function isProviderPlaceholder(provider: string): provider is ProviderPlaceholder {
  return provider === 'any' || provider === 'other'
}

/** The `pool` settings in a definition file. */
export type DefinitionPoolSettings = {
  max?: number
  recycleAfterTasks?: number
  recycleAfterMinutes?: number
  recycleAboveMegabytes?: number
  idleMinutes?: number
}

export type AgentDefinition = Omit<LaunchOptionsOfSurface<'definition'>, 'provider'> & {
  name: string
  description: string
  path: string
  builtIn?: true
  /** The id of a provider, or a word by which each launch chooses one; see `isProviderPlaceholder`. */
  provider: string
  category?: TaskCategory
  /** The agent's working folder as an absolute path. It may not exist. */
  cwd?: string
  permissions: PermissionPreset
  /** Permission rules of the definition, not parsed yet: what the agent may not do, and what it must ask for. */
  deny: readonly string[]
  ask: readonly string[]
  tools?: SessionTools
  maxTurns?: number
  mcp: SessionMcpServers
  /** Additional MCP servers of this agent, by name, as in Claude's `.mcp.json`. */
  mcpServers?: Readonly<Record<string, unknown>>
  /** The names of additional environment variables that the agent's pooled processes get. */
  env: readonly string[]
  timeoutMs?: number
  pool: DefinitionPoolSettings
  /** The prompt that each new pooled session runs once, and the absolute paths of its files. */
  prime?: { prompt: string; files: readonly string[] }
  /** A hash of the content of the prime prompt's files. */
  primeDigest?: string
  skills: readonly SkillOrExpertise[]
  expertise: readonly SkillOrExpertise[]
  body: string
  /** Keys of the definition's file that are not known and are ignored. */
  unknownKeys: readonly string[]
  /** Notes for the user on this definition, such as that the file hides another one of the same name. */
  notes: readonly string[]
  lines: Readonly<Record<string, number>>
}
