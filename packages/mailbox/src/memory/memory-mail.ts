import type { MailHandler, MailRegistration } from '../mailbox.js'
import type { MailEntries } from './mail-entries.js'

export type MemoryMail = {
  letters: MailEntries
  agents: Map<string, MemoryMailAgent>
  handlers: Map<string, MailHandler & { agent: string; keeper: string }>
  keys: Map<string, { id: string; content: string; at: number }>
}

/** An agent in a mailbox. One that only sent messages has no project and no topics. */
export type MemoryMailAgent = Omit<MailRegistration, 'handler' | 'name'> & { lastSeenAt: number }

/** Sets when an agent was last active. Adds an agent that never registered. */
export function recordMailAgentActivity({ agents }: MemoryMail, name: string, at: number): void {
  const unregistered = { project: '', capabilities: [], topics: [], wakes: 'high' } as const
  agents.set(name, { ...unregistered, ...agents.get(name), lastSeenAt: at })
}
