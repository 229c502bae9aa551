import type { Handler, Registration } from '../mailbox.js'
import type { Letters } from './letters.js'

/** What a mailbox in memory knows. */
export type Memory = {
  letters: Letters
  agents: Map<string, KnownName>
  handlers: Map<string, Handler & { agent: string; keeper: string }>
  /** What was sent by a sender's key. */
  keys: Map<string, { id: string; content: string; at: number }>
}

/** An agent; one that never registered has no project and no topics. */
export type KnownName = Omit<Registration, 'handler' | 'name'> & { lastSeenAt: number }

/** A name that did something is known from then on. */
export function touchAgent({ agents }: Memory, name: string, at: number): void {
  const unregistered = { project: '', capabilities: [], topics: [], wakes: 'high' } as const
  agents.set(name, { ...unregistered, ...agents.get(name), lastSeenAt: at })
}
