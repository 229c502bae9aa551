import { z } from 'zod'
import { retainRecords } from './records.js'
import type { Store } from './store.js'

/** What may be kept. */
export type JournalRetention = {
  /** Unix milliseconds: an agent whose last fact is older goes, and so does an older line of the audit log. */
  endedBefore: number
  /**
   * The most that the journal's pages may take, less those of the mailbox; the oldest agents go until they do. The audit log has a part of it and no
   * more: agents must not go for its sake.
   */
  maxBytes: number
  /** Asked for each agent that would go. */
  removable: (agentId: string) => boolean
}

/**
 * Deletes lines of the audit log by the rules, then forgets this owner's agents, the oldest first, each in a transaction of
 * its own; returns their ids.
 */
export function applyRetention(
  store: Store,
  owner: string,
  rules: JournalRetention & BeforeForget,
): string[] {
  const most = Math.min(mostRecords, Math.floor(rules.maxBytes / bytesPerRecord))
  retainRecords(store, { before: rules.endedBefore, most })
  const removed: string[] = []
  const mail = mailSize(store)
  for (const { id, lastAt } of oldestFirst(store, owner)) {
    if (lastAt >= rules.endedBefore && pagesSize(store) - mail <= rules.maxBytes) break
    if (!rules.removable(id)) continue
    rules.beforeForget(id)
    deleteAgents(store, owner, [id])
    removed.push(id)
  }
  return removed
}

/** Called for each agent that is forgotten, before it is. */
type BeforeForget = { beforeForget: (agentId: string) => void }

/** How many lines of the audit log are kept, and for how many of the bytes that the journal may take there is one: a line takes about a quarter. */
const mostRecords = 100_000
const bytesPerRecord = 2_048

/** Deletes agents of this owner with all their facts, and gives the room back to the disk. */
export function deleteAgents(store: Store, owner: string, agentIds: readonly string[]): void {
  const gone = 'DELETE FROM agents WHERE owner = ? AND id IN (SELECT value FROM json_each(?))'
  store.write(() => {
    store.run(gone, owner, JSON.stringify(agentIds))
    store.execute('PRAGMA incremental_vacuum')
  })
}

function oldestFirst(store: Store, owner: string): z.infer<typeof AgentAge>[] {
  const last = 'SELECT at FROM facts WHERE agentId = agents.id ORDER BY seq DESC LIMIT 1'
  const ages = `SELECT id, (${last}) AS lastAt FROM agents WHERE owner = ? ORDER BY lastAt`
  return store.rows(AgentAge, ages, owner)
}

const AgentAge = z.object({ id: z.string(), lastAt: z.number() })

function pagesSize(store: Store): number {
  const size = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size'
  return store.rows(Bytes, size)[0]?.bytes ?? 0
}

/** What the mailbox has in the same file: no agents go for its sake. */
function mailSize(store: Store): number {
  const size =
    "SELECT total(pgsize) AS bytes FROM dbstat WHERE name GLOB 'mail*' OR name GLOB 'sqlite_autoindex_mail*'"
  return store.rows(Bytes, size)[0]?.bytes ?? 0
}

const Bytes = z.object({ bytes: z.number() })
