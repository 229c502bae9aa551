/** How a command ended, in the number that a script sees. */
export const exitCode = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  /** The agent errored, was stopped or was interrupted. */
  agentFailed: 3,
  /** The agent asks for a permission. */
  permissionAsked: 4,
  timedOut: 124,
  /** By Ctrl-C. */
  interrupted: 130,
} as const

/** Ends the process: the only place that does. */
export function exitWith(code: number): never {
  process.exit(code)
}
