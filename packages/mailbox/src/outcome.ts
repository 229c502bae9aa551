import type { MessageBatch, Message, PublishedEvent, SentMessage } from './mailbox.js'

/**
 * The result of a mailbox command. A refused command changed nothing. `changed` lists the agents whose mail or handlers have changed, so
 * that their waiting calls look again.
 */
export type Outcome = { changed: readonly string[] } & (
  | { type: 'done' }
  | { type: 'refused'; code: MailRefusalCode; message: string; hint?: string }
  | { type: 'sent'; sent: SentMessage }
  | { type: 'published'; published: PublishedEvent }
  /** There is nothing to take. `again`: when that may change without another command, Unix milliseconds. */
  | { type: 'nothing'; again?: number }
  | { type: 'taken'; batch: MessageBatch }
  | { type: 'renewed'; held: boolean }
  | { type: 'acknowledged'; ids: readonly string[] }
  | { type: 'messages'; messages: readonly Message[] }
)

export type MailRefusalCode = 'invalid-parameter' | 'unknown-recipient' | 'unknown-message' | 'name-taken'
