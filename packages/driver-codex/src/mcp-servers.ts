import type { Failure, McpChoice } from '@subagent-mcp/contract'
import { ConfigAnswer } from './wire.js'

/** Which of the user's MCP servers run, in the words of Codex's config; a server cannot be taken out of it. */
export type McpOverrides = Readonly<Record<string, { enabled: boolean }>>

/** Switches the configured servers on and off; a name that the user does not have is a failure that lists them. */
export function mcpOverrides(
  choice: Exclude<McpChoice, 'inherit'>,
  config: unknown,
): { servers: McpOverrides } | { failure: Failure } {
  const names = choice === 'none' ? [] : choice
  const read = ConfigAnswer.safeParse(config)
  // Taken for none, all of them would run.
  if (!read.success) return { failure: unreadable }
  const configured = Object.keys(read.data.config.mcp_servers ?? {})
  const missing = names.filter((name) => !configured.includes(name))
  if (missing.length > 0) return { failure: noSuchServer(missing, configured) }
  return { servers: Object.fromEntries(configured.map((name) => [name, { enabled: names.includes(name) }])) }
}

const unreadable: Failure = {
  reason: 'protocol',
  message: 'codex told of its MCP servers in a way that cannot be read',
}

function noSuchServer(missing: readonly string[], configured: readonly string[]): Failure {
  const known = [...configured].sort().join(', ')
  return {
    reason: 'bad-request',
    message: `no MCP server named ${missing.join(', ')}`,
    hint: known === '' ? 'this user has no MCP servers: see `codex mcp add`' : `there are: ${known}`,
  }
}
