import { killWhere } from './kill-processes.js'
import { marked } from './child-mark.js'

/**
 * Ends what dead supervisors left running, found by the nonces of their watchdogs: never a process that carries none
 * at that moment, nor ourselves. Returns how many were ended. Bounded in time; on Windows there is nothing to go by.
 */
export async function endLeftovers(nonces: readonly string[]): Promise<number> {
  return nonces.length === 0 ? 0 : killWhere(marked(nonces.map((nonce) => `${nonce}.`)))
}
