import { killProcessesWhere } from './kill-processes.js'
import { hasMarkIn } from './child-mark.js'

/**
 * Kills the processes that dead supervisors left running, found by the nonces of their watchdogs, and returns how many.
 * Bounded in time. Finds nothing on Windows.
 */
export async function killLeftovers(nonces: readonly string[]): Promise<number> {
  return nonces.length === 0 ? 0 : killProcessesWhere(hasMarkIn(nonces.map((nonce) => `${nonce}.`)))
}
