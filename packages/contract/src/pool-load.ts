/** The machine resources that a pool of warm sessions holds, for the supervisor that decides what may start. */
export type PoolLoad = {
  /** How many sessions a task can take immediately, by the key of their `PoolSpec`. */
  idle: Readonly<Record<string, number>>
  /** How many sessions are being reset after a task, by the same key. They are idle some milliseconds later. */
  resetting: Readonly<Record<string, number>>
  /** All CLI processes of the pool, those of running tasks too. */
  processes: number
  /** The providers with a running process that a further session would share. */
  joinable: readonly string[]
  /** Whether the pool can end an idle process to make room. */
  retirable: boolean
  /** How many sessions are ending. */
  ending: number
}
