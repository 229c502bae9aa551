import type { Clock } from '@subagent-mcp/contract'
import type { MailboxCommand } from './mailbox-command.js'
import type { MailReader } from './mail-state.js'
import type { MailHandler, MailboxHealth, MailboxLimits, MessageBatch, NextMailOptions } from './mailbox.js'
import type { MailOutcome } from './mail-outcome.js'

/** The storage of a mailbox: runs commands, answers reads, and waits for messages. */
export type MailboxStorage = {
  /** Runs a command. Resolves with its outcome when reads include it. */
  run(command: MailboxCommand): Promise<MailOutcome>
  reads: MailReader
  /** Takes messages, or waits for them, as `Mailbox.next` does. */
  next(call: NextMailCall): Promise<MessageBatch | undefined>
  /** The id of this open mailbox. Handlers that registered through it are gone when it is. */
  keeper: string
  /** Whether a handler is gone for good. When in doubt it is not, because its lease will end. */
  isGone(handler: MailHandler, keeper: string): boolean
  /** Reports the agents that a change concerns. While no call waits, changes by other processes may be missed. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Whether the storage can be reached. Never rejects. */
  health(): Promise<MailboxHealth>
  close(): Promise<void>
}

/** A call of `next`, whose options are checked and complete. */
export type NextMailCall = {
  options: NextMailOptions & { limit: number }
  /** Aborts with the caller's signal, and when the mailbox is closed. */
  signal: AbortSignal
  rules: MailboxLimits
  clock: Clock
  run(command: MailboxCommand): Promise<MailOutcome>
  /** Removes the handlers of an agent whose processes are gone. */
  removeGone(agent: string): Promise<void>
  /** Releases a batch without a failed try, also while the mailbox closes. */
  release(take: string): Promise<void>
}

export type MailboxDependencies = { backing: MailboxStorage; rules: MailboxLimits; clock: Clock }

/** The parts of a mailbox, with a `run` that rejects once the mailbox is closed. */
export type OpenMailboxDependencies = MailboxDependencies & {
  run: (command: MailboxCommand) => Promise<MailOutcome>
}

/** Removes the handlers of one agent, or of all, whose processes are gone: the messages that they hold can be taken again. */
export async function removeGoneMailHandlers(
  { backing, run, rules }: Pick<OpenMailboxDependencies, 'backing' | 'run' | 'rules'>,
  agent?: string,
): Promise<void> {
  const handlers = await backing.reads.handlers(agent)
  const gone = handlers.filter((handler) => backing.isGone(handler, handler.keeper))
  if (gone.length === 0) return
  await run({ type: 'leave', instances: gone.map(({ instance }) => instance), maxTries: rules.maxTries })
}
