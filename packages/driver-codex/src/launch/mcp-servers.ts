import type { Failure, McpChoice, SessionSpec } from '@subagent-mcp/contract'
import { unknownMcpServers } from '@subagent-mcp/driver-kit'
import { ConfigAnswer, type ConfiguredMcpServers } from '../session/wire.js'
import { ownMcpServers } from './own-mcp-servers.js'

/** MCP servers in the words of Codex's config, by name; one of the user's can be switched off, not taken out. */
export type McpOverrides = Readonly<Record<string, object>>

type Overrides = { servers: McpOverrides } | { failure: Failure }

/**
 * Switches the configured servers on and off, and adds the session's own. A name that the user does not have is a
 * failure that lists them; one that the user has too is none for a server of the session where Codex would mix the two.
 */
export function mcpOverrides(
  spec: Pick<SessionSpec, 'mcp' | 'mcpServers' | 'environment' | 'asksAll'>,
  config: unknown,
): Overrides {
  const read = ConfigAnswer.safeParse(config)
  // Taken for none, all of them would run.
  if (!read.success) return { failure: unreadable }
  const there = read.data.config.mcp_servers ?? {}
  const configured = Object.keys(there)
  const [users, own] = [switched(spec.mcp, configured), ownMcpServers(spec)]
  if ('failure' in users) return users
  if ('failure' in own) return own
  const both = configured.filter((name) => Object.hasOwn(own.servers, name))
  const taken = both.find((name) => isOn(spec.mcp, name) || !givesWay(there[name], own.servers[name]))
  if (taken !== undefined) return { failure: nameTaken(taken) }
  const instead = both.map((name) => [name, { ...bare, ...own.servers[name] }] as const)
  const servers = { ...users.servers, ...own.servers, ...Object.fromEntries(instead) }
  return { servers: spec.asksAll ? asking(servers, there) : servers }
}

function isOn(choice: McpChoice, name: string): boolean {
  return choice === 'inherit' || (choice !== 'none' && choice.includes(name))
}

/**
 * Whether nothing of the user's server would reach the session's of the same name, as its environment or its address:
 * so it is with our own, which the user has from us.
 */
function givesWay(users: object = {}, own: object = {}): boolean {
  const left = Object.entries(users).filter(([key, value]) => !harmless.includes(key) && !isEmpty(value))
  return 'command' in own && left.length === 0
}

/** What the session's has of its own, and what changes only how long a server may take and what is asked of it. */
const harmless = [
  ...['command', 'args', 'env_vars', 'enabled', 'required', 'tools', 'default_tools_approval_mode'],
  ...['startup_timeout_sec', 'startup_timeout_ms', 'tool_timeout_sec', 'environment_id'],
]

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

/** In the place of what the user's may have. */
const bare = { args: [], env_vars: [] }

/** By itself Codex lets tools pass that say they only read; a user may let pass all of a server, or some by name. */
function asking(servers: McpOverrides, there: ConfiguredMcpServers): McpOverrides {
  const names = new Set([...Object.keys(there), ...Object.keys(servers)])
  const prompted = (name: string) => {
    const tools = Object.keys(there[name]?.tools ?? {}).map(
      (tool) => [tool, { approval_mode: 'prompt' }] as const,
    )
    return { ...servers[name], default_tools_approval_mode: 'prompt', tools: Object.fromEntries(tools) }
  }
  return Object.fromEntries([...names].map((name) => [name, prompted(name)]))
}

function switched(choice: McpChoice, configured: readonly string[]): Overrides {
  if (choice === 'inherit') return { servers: {} }
  const names = choice === 'none' ? [] : choice
  const missing = names.filter((name) => !configured.includes(name))
  if (missing.length > 0) return { failure: unknownMcpServers(missing, configured, 'codex mcp add') }
  return { servers: Object.fromEntries(configured.map((name) => [name, { enabled: names.includes(name) }])) }
}

const unreadable: Failure = {
  reason: 'protocol',
  message: 'codex told of its MCP servers in a way that cannot be read',
}

function nameTaken(name: string): Failure {
  return {
    reason: 'bad-request',
    message: `the user has an MCP server named ${name} too`,
    hint: 'name the one of the definition otherwise',
  }
}
