import type { Failure } from '@subagent-mcp/contract'
import { expandVariables } from '../environment/expand-variables.js'
import type { Environment } from '../environment/environment.js'

/** An entry of `.mcp.json` with its variables expanded, or the failure that names those that are not set. */
export function expandMcpServer(
  name: string,
  entry: unknown,
  environment: Environment,
): { value: unknown } | { failure: Failure } {
  const { value, unset } = expandVariables(entry, environment)
  if (unset.length === 0) return { value }
  const message = `the MCP server ${name} needs what is not in the environment: ${unset.join(', ')}`
  const hint = 'set it where the agent is launched; a pooled one gets it by `env:` in its definition'
  return { failure: { reason: 'bad-request', message, hint } }
}

/** The failure of a launch that names MCP servers which the user does not have; `addCommand` is how the user adds one. */
export function unknownMcpServers(
  missing: readonly string[],
  known: readonly string[],
  addCommand: string,
): Failure {
  const none = `this user has no MCP servers: see \`${addCommand}\``
  return {
    reason: 'bad-request',
    message: `no MCP server named ${missing.join(', ')}`,
    hint: known.length === 0 ? none : `there are: ${known.toSorted().join(', ')}`,
  }
}
