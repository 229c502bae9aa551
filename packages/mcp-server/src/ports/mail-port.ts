import type { Message, Sent } from '@subagent-mcp/mailbox'

/** The mailbox of one caller. Every method @throws SubagentError */
export type MailPort = {
  /** The caller's name in the mailbox. */
  name: string
  /** Whether a worker hands out the caller's messages, turn by turn: then only a thread can be waited for. */
  byTurns: boolean
  send(order: { to: string; text: string; thread?: string }): Promise<Sent>
  reply(order: { message: string; text: string }): Promise<Sent>
  /** Waits for a message, of one thread or any. */
  wait(order: { thread?: string; timeoutMs: number; signal: AbortSignal }): Promise<Delivered>
  /** Unread messages, the oldest first. They stay unread. */
  inbox(limit: number): Promise<MessagePage>
  /** The newest messages of a thread, oldest first. Unread ones for the caller become read. */
  read(thread: string, limit: number): Promise<MessagePage & Delivered>
  /** Unread messages and events. */
  news(): Promise<Delivered>
}

/** Messages up to the requested number, and the total number. */
export type MessagePage = { messages: readonly Message[]; total: number }

/** Messages that count as read after `received`, which is called when the caller's host has them. */
export type Delivered = { messages: readonly Message[]; received: () => void }
