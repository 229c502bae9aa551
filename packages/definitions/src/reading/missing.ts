import { isMissing, SubagentError } from '@subagent-mcp/contract'
import { lstatSync } from 'node:fs'

/** Whether there is something at a path, be it a link that leads nowhere. @throws SubagentError when that cannot be told */
export function pathExists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw unreadableError(path, cause)
  }
}

/** A place that cannot be looked at is not taken for an empty one. */
export function unreadableError(path: string, cause: unknown): SubagentError {
  const hint = 'make it readable, or move it away'
  return new SubagentError('io-failed', `cannot read ${path} (${String(cause)})`, { hint, cause })
}
