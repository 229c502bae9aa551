/** The exit codes of the commands of subagent-mcp. */
export const exitCode = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  /** The agent errored, was stopped or was interrupted. */
  agentFailed: 3,
  /** An agent waits for the answer to its permission request. */
  permissionAsked: 4,
  /** A review is done, and wants changes. */
  changesWanted: 5,
  timedOut: 124,
  /** The user ended the command by Ctrl-C. */
  interrupted: 130,
} as const

/** Ends this process. Only this function calls `process.exit`. */
export function endProcess(code: number): never {
  process.exit(code)
}
