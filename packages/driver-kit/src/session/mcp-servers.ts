import type { Failure } from '@subagent-mcp/contract'
import type { Environment } from '../environment/environment.js'

/** Expands the variables in an entry of `.mcp.json`, or returns the failure that names those that are not set. */
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

/** Creates the failure of a launch that names MCP servers which the user does not have; `addCommand` is how the user adds one. */
export function createUnknownServersFailure(
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

/**
 * Replaces `${NAME}` and `${NAME:-default}` in all strings of a value, as Claude does in `.mcp.json`. Returns the value and
 * the names of variables that are not set and have no default.
 */
export function expandVariables(
  value: unknown,
  environment: Environment,
): { value: unknown; unset: readonly string[] } {
  const unset = new Set<string>()
  const expand = (text: string) =>
    text.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, instead: string | undefined) => {
      // Without the check `${constructor}` would be found, because every object has a `constructor`.
      const found = Object.hasOwn(environment, name) ? environment[name] : undefined
      if (found === undefined && instead === undefined) unset.add(name)
      return found ?? instead ?? ''
    })
  return { value: withStrings(value, expand), unset: [...unset] }
}

function withStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => withStrings(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withStrings(item, change)]))
}
