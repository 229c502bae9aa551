/** The load of a pool of warm sessions, for the supervisor that decides which agent may begin. */
export type PoolLoad = {
  /** The number of idle sessions, which can take a task immediately, by the key of their `PoolSpec`. */
  idle: Readonly<Record<string, number>>
  /** The number of sessions in a reset, by the key of their `PoolSpec`. They are idle milliseconds later. */
  resetting: Readonly<Record<string, number>>
  /** The number of the pool's CLI processes, including those of running tasks. */
  processes: number
  /** The ids of providers that have a running process which one more session would share. */
  joinable: readonly string[]
  /** Whether the pool has an idle process that it can end to make room. */
  retirable: boolean
  ending: number
}
