import {
  callTimeLimitVariable,
  type Failure,
  type SessionMcpServers,
  type SessionSpec,
} from '@subagent-mcp/contract'
import { createUnknownServersFailure } from '@subagent-mcp/driver-kit'
import { ConfigAnswer, type ConfiguredMcpServers } from '../session/wire.js'
import { readSessionMcpServers } from './session-mcp-servers.js'

/** MCP servers in the format of Codex's config, by name. A server of the user can be switched off, but not removed. */
export type CodexMcpServerSettings = Readonly<Record<string, object>>

type Overrides = { servers: CodexMcpServerSettings } | { failure: Failure }

/**
 * Switches the configured servers on and off, and adds the session's own. Fails for a name that the user does not have, and
 * for a server of the session with the name of a user's server when Codex would merge the two.
 */
export function createCodexMcpServerSettings(
  spec: Pick<SessionSpec, 'mcp' | 'mcpServers' | 'environment' | 'asksAll'>,
  config: unknown,
): Overrides {
  const read = ConfigAnswer.safeParse(config)
  // If an unreadable list counted as empty, all of the user's servers would run.
  if (!read.success) return { failure: unreadable }
  const there = read.data.config.mcp_servers ?? {}
  const configured = Object.keys(there)
  const [users, own] = [switched(spec.mcp, configured), readSessionMcpServers(spec)]
  if ('failure' in users) return users
  if ('failure' in own) return own
  const both = configured.filter((name) => Object.hasOwn(own.servers, name))
  const taken = both.find((name) => isOn(spec.mcp, name) || !givesWay(there[name], own.servers[name]))
  if (taken !== undefined) return { failure: nameTaken(taken) }
  const instead = both.map((name) => [name, { ...bare, ...own.servers[name] }] as const)
  const servers = { ...users.servers, ...own.servers, ...Object.fromEntries(instead) }
  return { servers: spec.asksAll ? asking(servers, there) : servers }
}

function isOn(choice: SessionMcpServers, name: string): boolean {
  return choice === 'inherit' || (choice !== 'none' && choice.includes(name))
}

/**
 * Whether a user's server can be replaced by one of the session with the same name, because no environment or address of it
 * would remain. This holds for subagent-mcp's own server, which the user has from its setup.
 */
function givesWay(users: object = {}, own: object = {}): boolean {
  const left = Object.entries(users).filter(
    ([key, value]) => !harmless.includes(key) && !isEmpty(value) && !(key === 'env' && isCallLimit(value)),
  )
  return 'command' in own && left.length === 0
}

/** Keys of a user's MCP server that do no harm to a session's server with its name: overridden keys, timeouts and approvals. */
const harmless = [
  ...['command', 'args', 'env_vars', 'enabled', 'required', 'tools', 'default_tools_approval_mode'],
  ...['startup_timeout_sec', 'startup_timeout_ms', 'tool_timeout_sec', 'environment_id'],
]

/** Whether a server's only variable is the limit for calls, which remains with the user's `tool_timeout_sec`. */
function isCallLimit(variables: unknown): boolean {
  const keys = Object.keys(variables ?? {})
  return keys.length === 1 && keys[0] === callTimeLimitVariable
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

/** Empty values for keys that a user's MCP server of the same name may have, because Codex merges the two. */
const bare = { args: [], env_vars: [] }

/** Makes all MCP tools ask. By default Codex allows tools that declare to be read-only, and the user may allow others. */
function asking(servers: CodexMcpServerSettings, there: ConfiguredMcpServers): CodexMcpServerSettings {
  const names = new Set([...Object.keys(there), ...Object.keys(servers)])
  const prompted = (name: string) => {
    const tools = Object.keys(there[name]?.tools ?? {}).map(
      (tool) => [tool, { approval_mode: 'prompt' }] as const,
    )
    return { ...servers[name], default_tools_approval_mode: 'prompt', tools: Object.fromEntries(tools) }
  }
  return Object.fromEntries([...names].map((name) => [name, prompted(name)]))
}

function switched(choice: SessionMcpServers, configured: readonly string[]): Overrides {
  if (choice === 'inherit') return { servers: {} }
  const names = choice === 'none' ? [] : choice
  const missing = names.filter((name) => !configured.includes(name))
  if (missing.length > 0)
    return { failure: createUnknownServersFailure(missing, configured, 'codex mcp add') }
  return { servers: Object.fromEntries(configured.map((name) => [name, { enabled: names.includes(name) }])) }
}

const unreadable: Failure = {
  reason: 'protocol',
  message: 'codex listed its MCP servers in a way that cannot be read',
}

function nameTaken(name: string): Failure {
  return {
    reason: 'bad-request',
    message: `the user has an MCP server named ${name} too`,
    hint: 'name the one of the definition otherwise',
  }
}
