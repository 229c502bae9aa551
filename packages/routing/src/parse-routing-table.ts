import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { RouteOverride } from './routing-table.js'

/** Parses a table. `placeOf` names a place in its file for the error. @throws SubagentError `config-invalid` */
export function parseRoutingTable(document: unknown, placeOf: (path: Path) => string): RouteOverride {
  const table = RouteOverride.safeParse(document)
  if (table.success) return table.data
  const problems = table.error.issues.map((issue) => describeIssue(issue, placeOf))
  throw new SubagentError('config-invalid', problems.join('; '), {
    hint: 'fix it there, or remove it: the default table then applies',
    cause: table.error,
  })
}

type Path = (string | number)[]

function describeIssue(issue: z.core.$ZodIssue, placeOf: (path: Path) => string): string {
  const { path, message, keys = [] } = innermost(issue)
  const place = path.filter((segment) => typeof segment !== 'symbol')
  const name = place.length > 0 ? `${z.core.toDotPath(place)}: ` : ''
  return `${placeOf([...place, ...keys.slice(0, 1)])}: ${name}${message}`
}

/** Returns the issue of the alternative that matched furthest, from zod's error for a failed union. */
function innermost(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string; keys?: string[] } {
  if (issue.code !== 'invalid_union') return issue
  const nested = issue.errors.flat().toSorted((left, right) => right.path.length - left.path.length)
  const [deepest] = nested
  return deepest ? { ...innermost(deepest), path: [...issue.path, ...deepest.path] } : issue
}
