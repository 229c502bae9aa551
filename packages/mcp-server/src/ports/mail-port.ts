import type { Message, Sent } from '@subagent-mcp/mailbox'

/** The mail of one caller. Every call @throws SubagentError */
export type MailPort = {
  /** The name under which the caller is written to. */
  name: string
  /** Whether a worker hands out the caller's messages, turn by turn: then only a thread can be waited for. */
  byTurns: boolean
  send(order: { to: string; text: string; thread?: string }): Promise<Sent>
  reply(order: { message: string; text: string }): Promise<Sent>
  /** Blocks until a message is there, of a thread or any. */
  wait(order: { thread?: string; timeoutMs: number; signal: AbortSignal }): Promise<Delivered>
  /** What waits, the oldest first; nothing of it is read by that. */
  inbox(limit: number): Promise<Listed>
  /** The newest messages of a thread, oldest first; what of them waits for the caller is read by that. */
  read(thread: string, limit: number): Promise<Listed & Delivered>
  /** All that is new for the caller, events too. */
  news(): Promise<Delivered>
}

/** At most so many messages as were asked for, of all that there are. */
export type Listed = { messages: readonly Message[]; total: number }

/** Messages that count as read once `received` is called: the caller's host has them. */
export type Delivered = { messages: readonly Message[]; received: () => void }
