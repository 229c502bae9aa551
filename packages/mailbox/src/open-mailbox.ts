import type { Clock } from '@subagent-mcp/contract'
import type { Command } from './command.js'
import type { MailState } from './mail-state.js'
import type { MailHandler, MailboxHealth, MailboxLimits } from './mailbox.js'
import type { MailOutcome } from './outcome.js'

/** The storage of a mailbox: applies commands in order, and shows the state that they lead to. */
export type MailboxStorage = {
  /** Applies a command. Resolves with its outcome when the state includes it. */
  run(command: Command): Promise<MailOutcome>
  state(): MailState
  /** The present time by the clock that measures leases, in Unix milliseconds. */
  now(): number
  /** The id of this open mailbox. Handlers that registered through it are gone when it is. */
  keeper: string
  /** Whether a handler is gone for good. When in doubt it is not, because its lease will end. */
  isGone(handler: MailHandler, keeper: string): boolean
  /** Reports the agents that a change concerns. While nobody watches, changes of other processes may be missed. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Reports changes by other processes, too, until the returned function is called. */
  watch(): () => void
  /** Whether the storage can be reached. Never rejects. */
  health(): Promise<MailboxHealth>
  close(): Promise<void>
}

export type MailboxParts = { backing: MailboxStorage; rules: MailboxLimits; clock: Clock }

/** The parts of a mailbox, with a `run` that rejects once the mailbox is closed. */
export type OpenMailboxParts = MailboxParts & { run: (command: Command) => Promise<MailOutcome> }

/** Removes the handlers of one agent, or of all, whose processes are gone: the messages that they hold can be taken again. */
export async function removeGoneMailHandlers(
  { backing, run, rules }: Pick<OpenMailboxParts, 'backing' | 'run' | 'rules'>,
  agent?: string,
): Promise<void> {
  const gone = backing
    .state()
    .handlers(agent)
    .filter((handler) => backing.isGone(handler, handler.keeper))
  if (gone.length === 0) return
  await run({ type: 'leave', instances: gone.map(({ instance }) => instance), maxTries: rules.maxTries })
}
