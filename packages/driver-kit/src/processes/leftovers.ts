import { killProcessesByEnvironment } from './kill-processes.js'
import { childMarkTest } from './child-mark.js'

/**
 * Kills the processes that dead supervisors left running, found by the nonces of their watchdogs, and returns how many.
 * Bounded in time. Finds nothing on Windows.
 */
export async function killOrphans(nonces: readonly string[]): Promise<number> {
  return nonces.length === 0
    ? 0
    : killProcessesByEnvironment(childMarkTest(nonces.map((nonce) => `${nonce}.`)))
}
