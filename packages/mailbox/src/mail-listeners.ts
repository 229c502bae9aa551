/** The listeners of a mailbox in this process. */
export type MailListeners = {
  /** Tells the listeners that the mail or handlers of agents have changed. */
  tell(agents: readonly string[]): void
  /** Calls `listener` with the names of changed agents, until the returned function is called. */
  onChange(listener: (agents: readonly string[]) => void): () => void
  /** Calls `listener` when one agent has changed. A change costs nothing for calls that wait for other agents. */
  onChangeOf(agent: string, listener: () => void): () => void
}

export function createMailListeners(): MailListeners {
  const listeners = new Set<(agents: readonly string[]) => void>()
  const byAgent = new Map<string, Set<() => void>>()
  return {
    tell: (agents) => {
      if (agents.length === 0) return
      for (const listener of [...listeners]) listener(agents)
      for (const agent of agents) for (const listener of [...(byAgent.get(agent) ?? [])]) listener()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onChangeOf: (agent, listener) => {
      const own = byAgent.get(agent) ?? new Set()
      byAgent.set(agent, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0 && byAgent.get(agent) === own) byAgent.delete(agent)
      }
    },
  }
}
