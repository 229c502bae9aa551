import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { TableOverride } from './table.js'

/**
 * Reads the document of a user's or project's table; `name` says where it comes from.
 * @throws SubagentError `config-invalid` that names the place in it and what may stand there
 */
export function readTable(document: unknown, name: string): TableOverride {
  const table = TableOverride.safeParse(document)
  if (table.success) return table.data
  const problems = table.error.issues.map(describeIssue)
  throw new SubagentError('config-invalid', `${name}: ${problems.join('; ')}`, {
    hint: 'mend it there, or remove it: the default table then applies',
    cause: table.error,
  })
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const { path, message } = innermost(issue)
  return path.length > 0 ? `${z.core.toDotPath(path)}: ${message}` : message
}

/** Where a list or parents are allowed, the fault is told of the one that was nearly right. */
function innermost(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string } {
  if (issue.code !== 'invalid_union') return issue
  const nested = issue.errors.flat().toSorted((left, right) => right.path.length - left.path.length)
  const [deepest] = nested
  return deepest ? { path: [...issue.path, ...deepest.path], message: deepest.message } : issue
}
