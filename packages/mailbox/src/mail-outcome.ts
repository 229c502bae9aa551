import type { MessageBatch, MailboxMessage, PublishedEvent, SentMessage } from './mailbox.js'

/**
 * The result of a mailbox command. A refused command changed nothing. `changed` lists the agents whose mail or handlers have changed, so
 * that their waiting calls look again.
 */
export type MailOutcome = { changed: readonly string[] } & (
  | { type: 'done' }
  | { type: 'refused'; code: MailRefusalCode; message: string; hint?: string }
  | { type: 'sent'; sent: SentMessage }
  | { type: 'published'; published: PublishedEvent }
  /** No message can be taken. `again`: the time, in Unix milliseconds, at which one may without another command. */
  | { type: 'nothing'; again?: number }
  | { type: 'taken'; batch: MessageBatch }
  | { type: 'renewed'; held: boolean }
  | { type: 'acknowledged'; ids: readonly string[] }
  | { type: 'messages'; messages: readonly MailboxMessage[] }
)

export type MailRefusalCode = 'invalid-parameter' | 'unknown-recipient' | 'unknown-message' | 'name-taken'
