/** What a supervisor lets run at once. Times are milliseconds, memory is bytes. */
export type SupervisorLimits = {
  /** Turns that stream, on the machine and of one provider. */
  maxTurns: number
  maxTurnsPerProvider: number
  /** Processes of CLIs; sessions that share one count as one. */
  maxProcesses: number
  /** How many sessions of ours a caller may be inside and still launch: 1 lets hosts launch, but not their agents. */
  maxDepth: number
  launchesPerMinute: number
  /** With less than this free no process is started. */
  memoryFloor: number
  /** A finished session that nobody speaks to is closed after this time; a message opens it again. */
  idleCloseAfter: number
  /** A turn that shows nothing for this time holds no room. */
  quietAfter: number
  /** How long a question may wait for an answer before it is denied. */
  answerWithin: number
}

/** For who has nothing to share: nothing waits, nothing is closed for its silence, only hosts launch. */
export const defaultLimits: SupervisorLimits = {
  maxTurns: Infinity,
  maxTurnsPerProvider: Infinity,
  maxProcesses: Infinity,
  maxDepth: 1,
  launchesPerMinute: Infinity,
  memoryFloor: 0,
  idleCloseAfter: Infinity,
  quietAfter: 600_000,
  answerWithin: Infinity,
}
