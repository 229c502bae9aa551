import type { Environment } from './environment.js'

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
      // Not `environment[name]` alone, because every object has a `constructor`.
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
