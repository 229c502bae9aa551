import type { AccountBudgets } from '../budget/spent-budget.js'

/** The limits of one supervisor. Times are milliseconds, memory is bytes. */
export type SupervisorLimits = {
  /** The most running turns on this machine, for all providers together and for one. */
  maxTurns: number
  maxTurnsPerProvider: number
  /** The most CLI processes. Sessions that share a process count once. */
  maxProcesses: number
  /** Callers nested this deep may not launch: 1 allows launches by hosts only. */
  maxDepth: number
  launchesPerMinute: number
  /** The free memory in bytes below which no CLI process is started. */
  memoryFloor: number
  /** An idle session is closed after this time. A message opens it again. */
  idleCloseAfter: number
  /** A turn without output for this many milliseconds does not count as running. */
  quietAfter: number
  /** The milliseconds after which an unanswered question expires. */
  answerWithin: number
  /** The user's limits on the use of each account. Default: none. */
  budgets?: AccountBudgets
}

/** The default limits of a supervisor: everything is unlimited, except that only hosts may launch agents. */
export const defaultSupervisorLimits: SupervisorLimits = {
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
