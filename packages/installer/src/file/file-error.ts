import { SubagentError } from '@subagent-mcp/contract'

/** Whether an error of the file system means that the file does not exist. */
export function isMissingEntry(cause: unknown): boolean {
  return hasErrorCode(cause, 'ENOENT')
}

export function hasErrorCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}

/** Runs an operation on files; its errors name the operation. @throws SubagentError `io-failed` */
export function rethrowAsIoError<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    const hint = 'look at the rights of the file and of its folder, and run it again'
    throw new SubagentError('io-failed', `cannot ${what} (${String(cause)})`, { hint, cause })
  }
}
