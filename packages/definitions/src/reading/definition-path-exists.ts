import { isMissingFileError, SubagentError } from '@subagent-mcp/contract'
import { lstatSync } from 'node:fs'

/** Whether a path exists, be it a broken link. @throws SubagentError where that cannot be determined */
export function definitionPathExists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch (cause) {
    if (isMissingFileError(cause)) return false
    throw createUnreadableDefinitionError(path, cause)
  }
}

/** The error for a definition's path that cannot be read. Such a path must not pass for a missing one. */
export function createUnreadableDefinitionError(path: string, cause: unknown): SubagentError {
  const hint = 'make it readable, or move it away'
  return new SubagentError('io-failed', `cannot read ${path} (${String(cause)})`, { hint, cause })
}
