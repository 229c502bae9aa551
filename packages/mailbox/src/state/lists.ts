import { pageSizes } from '@subagent-mcp/contract'
import type { Store } from '@subagent-mcp/journal'
import type { Message, Page, PageAfter, PageBefore } from '../mailbox.js'
import { messagesWhere } from './messages.js'

// Each condition is the one of an index of its own, in the index's order: a page costs what it shows, however much there is.

/** What waits for an agent, held or not, oldest first. */
export function inboxOf(
  store: Store,
  agent: string,
  { after = 0, limit = usual }: PageAfter = {},
): Message[] {
  const waits = 'recipient = ? AND finished = 0 AND seq > ? ORDER BY seq LIMIT ?'
  return messagesWhere(store, waits, agent, after, limit)
}

/** Of that the events which do not wake, oldest first. */
export function quietFor(
  store: Store,
  agent: string,
  { after = 0, limit = usual }: PageAfter = {},
): Message[] {
  const quiet = 'recipient = ? AND finished = 0 AND wakes = 0 AND seq > ? ORDER BY seq LIMIT ?'
  return messagesWhere(store, quiet, agent, after, limit)
}

/** The newest messages of a thread, oldest first. */
export function threadIn(store: Store, thread: string, page: PageBefore = {}): Message[] {
  const { before = Number.MAX_SAFE_INTEGER, limit = usual } = page
  const newest = 'thread = ? AND seq < ? ORDER BY seq DESC LIMIT ?'
  return messagesWhere(store, newest, thread, before, limit).reverse()
}

/** Dead letters, the newest first. */
export function deadIn(store: Store, { agent, limit = usual }: { agent?: string } & Page): Message[] {
  const newest = "status = 'dead' ORDER BY since DESC, seq DESC LIMIT ?"
  if (agent === undefined) return messagesWhere(store, newest, limit)
  return messagesWhere(store, `recipient = ? AND ${newest}`, agent, limit)
}

const { default: usual } = pageSizes
