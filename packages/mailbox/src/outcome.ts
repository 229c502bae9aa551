import type { Batch, Message, Published, Sent } from './mailbox.js'

/**
 * What became of a command. `refused`: it changed nothing. `changed` names the agents for which something is new: for
 * those who wait.
 */
export type Outcome = { changed: readonly string[] } & (
  | { type: 'done' }
  | { type: 'refused'; code: RefusalCode; message: string; hint?: string }
  | { type: 'sent'; sent: Sent }
  | { type: 'published'; published: Published }
  /** Nothing to take: `again` is when that may be otherwise without another command, Unix milliseconds. */
  | { type: 'nothing'; again?: number }
  | { type: 'taken'; batch: Batch }
  | { type: 'renewed'; held: boolean }
  | { type: 'acknowledged'; ids: readonly string[] }
  | { type: 'messages'; messages: readonly Message[] }
)

export type RefusalCode = 'invalid-parameter' | 'unknown-recipient' | 'unknown-message' | 'name-taken'
