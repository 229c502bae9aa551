import { SubagentError } from '@subagent-mcp/contract'

/**
 * Waits for background work on worktrees, and logs why it failed. An unreadable folder or a full disk must not end the daemon.
 * Rejects only for faults of the program.
 */
export async function logDiskFailure(
  what: string,
  work: Promise<unknown>,
  log: (line: string) => void,
): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof SubagentError) && !isSystemError(error)) throw error
    log(`cannot ${what}: ${error.message}`)
  }
}

/** Whether the operating system refused a call, as Node reports it. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}
