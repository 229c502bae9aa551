import { SubagentError } from '@subagent-mcp/contract'

/** Whether an error of the file system says that there is no such file. */
export function isMissing(cause: unknown): boolean {
  return hasCode(cause, 'ENOENT')
}

/** Whether an error of the file system has a code. */
export function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}

/** Runs what touches files; its errors say which file was to be what. @throws SubagentError `io-failed` */
export function orFail<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    const hint = 'look at the rights of the file and of its folder, and run it again'
    throw new SubagentError('io-failed', `cannot ${what} (${String(cause)})`, { hint, cause })
  }
}
