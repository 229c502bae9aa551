import { SubagentError } from '@subagent-mcp/contract'

/** Whether a database's file, its disk or a lock failed, and not what was asked of it. */
export function isFileFailure(cause: unknown): boolean {
  return failures.test(codeOf(cause))
}

/** Whether another process has the file. */
export function isHeldFailure(cause: unknown): boolean {
  return held.test(codeOf(cause))
}

const failures = /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|PERM|NOMEM|BUSY|LOCKED|PROTOCOL)/
const held = /^SQLITE_(BUSY|LOCKED)/

/** SQLite's own, below the words that the store made of it. */
function codeOf(failure: unknown): string {
  if (!(failure instanceof SubagentError) || failure.code !== 'io-failed') return ''
  const { cause } = failure
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
}
