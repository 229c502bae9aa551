import { SubagentError } from '@subagent-mcp/contract'
import type { Outcome } from './outcome.js'

/** What to throw for a command that did not become what it should: the reason for which it was refused. */
export function unexpected(outcome: Outcome): Error {
  if (outcome.type !== 'refused') return new Error(`a command of the mailbox became ${outcome.type}`)
  const { code, message, hint } = outcome
  return new SubagentError(code, message, hint === undefined ? {} : { hint })
}
