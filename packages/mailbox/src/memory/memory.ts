import type { Handler, Registration } from '../mailbox.js'
import type { MemoryLetters } from './letters.js'

/** The data of a mailbox in memory. */
export type MailMemory = {
  letters: MemoryLetters
  agents: Map<string, MailMemoryAgent>
  handlers: Map<string, Handler & { agent: string; keeper: string }>
  /** The messages that were sent with a key, by sender and key. */
  keys: Map<string, { id: string; content: string; at: number }>
}

/** An agent in a mailbox. One that only sent messages has no project and no topics. */
export type MailMemoryAgent = Omit<Registration, 'handler' | 'name'> & { lastSeenAt: number }

/** Sets when an agent was last active. Adds an agent that never registered. */
export function touchMemoryAgent({ agents }: MailMemory, name: string, at: number): void {
  const unregistered = { project: '', capabilities: [], topics: [], wakes: 'high' } as const
  agents.set(name, { ...unregistered, ...agents.get(name), lastSeenAt: at })
}
