import type { MailboxMessage, SentMessage } from '@subagent-mcp/mailbox'

/** The mailbox of one caller. Every method @throws SubagentError */
export type MailPort = {
  name: string
  /** Whether a worker passes the messages to the caller, one in each turn. Such a caller can only wait for the messages of a thread. */
  byTurns: boolean
  /** Whether another agent reads messages, or messages for the caller wait. Once true, it stays true. Never rejects. */
  isUsed(): Promise<boolean>
  /** Calls `listener` once `isUsed` becomes true, unless the returned function is called before. */
  onUsed(listener: () => void): () => void
  send(order: { to: string; text: string; thread?: string }): Promise<SentMessage>
  reply(order: { message: string; text: string }): Promise<SentMessage>
  /** Waits for a message of one thread, by default of any thread. */
  wait(order: { thread?: string; timeoutMs: number; signal: AbortSignal }): Promise<MessagesToConfirm>
  /** Returns unread messages, the oldest first. They stay unread. */
  inbox(limit: number): Promise<MessagePage>
  /** Returns the newest messages of a thread, oldest first, and marks the caller's unread ones as read. */
  read(thread: string, limit: number): Promise<MessagePage & MessagesToConfirm>
  /** Takes the caller's unread messages and events. */
  news(): Promise<MessagesToConfirm>
}

export type MessagePage = { messages: readonly MailboxMessage[]; total: number }

/** Messages that count as read once `received` is called, which means that the caller's host has them. */
export type MessagesToConfirm = { messages: readonly MailboxMessage[]; received: () => void }
