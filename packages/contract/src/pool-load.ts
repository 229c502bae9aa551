/** The load of a pool of warm sessions, for the supervisor that decides which agent may begin. */
export type PoolLoad = {
  /** How many sessions a task can take immediately, by the key of their `PoolSpec`. */
  idle: Readonly<Record<string, number>>
  /** How many sessions are being reset, by the same key. They are idle milliseconds later. */
  resetting: Readonly<Record<string, number>>
  /** All CLI processes of the pool, including those of running tasks. */
  processes: number
  /** Providers with a running process that one more session would share. */
  joinable: readonly string[]
  /** Whether the pool has an idle process that it can end to make room. */
  retirable: boolean
  /** How many sessions are ending. */
  ending: number
}
