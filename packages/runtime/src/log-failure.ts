import { SubagentError } from '@subagent-mcp/contract'

/** Runs an action whose failure must not end the daemon, such as a write to a full disk: logs the failure after `problem`. */
export function runAndLogFailure(problem: string, act: () => void, log: (line: string) => void): void {
  try {
    act()
  } catch (error) {
    logFailure(problem, error, log)
  }
}

/** Waits for work whose failure must not end the daemon: logs the failure after `problem`. Rejects only for faults of the program. */
export async function settleAndLogFailure(
  problem: string,
  work: Promise<unknown>,
  log: (line: string) => void,
): Promise<void> {
  try {
    await work
  } catch (error) {
    logFailure(problem, error, log)
  }
}

/** Logs an error of this project or of the operating system. @throws every other error, because it is a fault of the program */
function logFailure(problem: string, error: unknown, log: (line: string) => void): void {
  const isSystemError = error instanceof Error && 'syscall' in error
  if (!(error instanceof SubagentError) && !isSystemError) throw error
  log(`${problem}: ${error.message}`)
}
