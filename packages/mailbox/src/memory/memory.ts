import type { Handler, Registration } from '../mailbox.js'
import type { Letters } from './letters.js'

/** The data of a mailbox in memory. */
export type Memory = {
  letters: Letters
  agents: Map<string, MemoryAgent>
  handlers: Map<string, Handler & { agent: string; keeper: string }>
  /** The messages that were sent with a key, by sender and key. */
  keys: Map<string, { id: string; content: string; at: number }>
}

/** An agent in a mailbox. One that only sent messages has no project and no topics. */
export type MemoryAgent = Omit<Registration, 'handler' | 'name'> & { lastSeenAt: number }

/** Sets when an agent was last active. Adds an agent that never registered. */
export function touchAgent({ agents }: Memory, name: string, at: number): void {
  const unregistered = { project: '', capabilities: [], topics: [], wakes: 'high' } as const
  agents.set(name, { ...unregistered, ...agents.get(name), lastSeenAt: at })
}
