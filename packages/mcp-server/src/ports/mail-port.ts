import type { Message, SentMessage } from '@subagent-mcp/mailbox'

/** The mailbox of one caller. Every method @throws SubagentError */
export type MailPort = {
  /** The caller's name in the mailbox. */
  name: string
  /** Whether a worker hands the mail to the caller, a message in each turn. Then the caller can only wait for a thread. */
  byTurns: boolean
  /** Whether the caller has somebody to write to or something to read. It stays so. Never rejects. */
  isUsed(): Promise<boolean>
  /** Calls `listener` once `isUsed` becomes true, unless the returned function is called before. */
  onUsed(listener: () => void): () => void
  send(order: { to: string; text: string; thread?: string }): Promise<SentMessage>
  reply(order: { message: string; text: string }): Promise<SentMessage>
  /** Waits for a message, of one thread or any. */
  wait(order: { thread?: string; timeoutMs: number; signal: AbortSignal }): Promise<DeliveredMessages>
  /** Returns unread messages, the oldest first. They stay unread. */
  inbox(limit: number): Promise<MessagePage>
  /** Returns the newest messages of a thread, oldest first. The caller's unread ones become read. */
  read(thread: string, limit: number): Promise<MessagePage & DeliveredMessages>
  /** Returns the caller's unread messages and events. */
  news(): Promise<DeliveredMessages>
}

/** A page of messages, and the total number. */
export type MessagePage = { messages: readonly Message[]; total: number }

/** Messages that count as read once `received` is called, which means that the caller's host has them. */
export type DeliveredMessages = { messages: readonly Message[]; received: () => void }
