import type { MailCommand } from './mailbox-command.js'
import type { MessageBatch } from './mailbox.js'

/** A call that waits for messages of an agent. */
export type MailWaiter = {
  /** Returns the command that takes the messages, for the transaction that adds them. `undefined` while the call does not wait. */
  take(): MailCommand<'take'> | undefined
  /** Called after a change of the agent's mail or handlers, with the batch if messages were taken for the call. */
  onChange(batch?: MessageBatch): void
}

/** The listeners of a mailbox in this process. */
export type MailListeners = {
  /** Tells the listeners that the mail or handlers of agents have changed. */
  tell(agents: readonly string[]): void
  /** Calls `listener` with the names of changed agents, until the returned function is called. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Adds a call that waits for one agent. A change costs nothing for calls that wait for other agents. */
  addWaiter(agent: string, waiter: MailWaiter): () => void
  /** The calls that wait for messages of these agents, longest first. */
  waitersOf(agents: readonly string[]): readonly MailWaiter[]
}

export function createMailListeners(): MailListeners {
  const listeners = new Set<(agents: readonly string[]) => void>()
  const byAgent = new Map<string, Set<MailWaiter>>()
  const waitersOf = (agents: readonly string[]): readonly MailWaiter[] =>
    agents.flatMap((agent) => [...(byAgent.get(agent) ?? [])])
  return {
    waitersOf,
    tell: (agents) => {
      if (agents.length === 0) return
      for (const listener of [...listeners]) listener(agents)
      for (const waiter of waitersOf(agents)) waiter.onChange()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    addWaiter: (agent, waiter) => {
      const own = byAgent.get(agent) ?? new Set()
      byAgent.set(agent, own.add(waiter))
      return () => {
        own.delete(waiter)
        if (own.size === 0 && byAgent.get(agent) === own) byAgent.delete(agent)
      }
    },
  }
}
