import type { Outcome, RefusalCode } from '../outcome.js'

/** A command that changes nothing. */
export function refuse(code: RefusalCode, message: string, hint?: string): Outcome {
  return { type: 'refused', code, message, ...(hint !== undefined && { hint }), changed: [] }
}
