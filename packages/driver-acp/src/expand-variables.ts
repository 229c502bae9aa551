import type { SessionSpec } from '@subagent-mcp/contract'

/**
 * A JSON value with variables in the place of `${NAME}` and `${NAME:-default}`, as Claude does it in `.mcp.json`, and
 * the names of those that are not set.
 */
export function expandVariables(
  value: unknown,
  environment: SessionSpec['environment'],
): { value: unknown; unset: readonly string[] } {
  const unset: string[] = []
  const text = JSON.stringify(value ?? null).replace(
    /\$\{(\w+)(?::-([^}]*))?\}/g,
    (_, name: string, instead: string | undefined) => {
      const found = environment[name]
      if (found !== undefined) return JSON.stringify(found).slice(1, -1)
      if (instead === undefined) unset.push(name)
      return instead ?? ''
    },
  )
  return { value: JSON.parse(text), unset }
}
