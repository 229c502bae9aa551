import { z } from 'zod'
import { deleteOldAuditLines } from './audit-lines.js'
import type { SqliteStore } from './sqlite-store.js'

export type JournalRetention = {
  /** Unix milliseconds: agents with an older last fact are deleted, and so are older lines of the audit log. */
  endedBefore: number
  /** The largest journal in bytes, without the mailbox. Above it the oldest agents are deleted. */
  maxBytes: number
  /** Returns whether this agent may be deleted now. */
  removable: (agentId: string) => boolean
}

/** Deletes lines of the audit log, then agents of this owner, oldest first. Returns the agents' ids. */
export function applyRetention(
  store: SqliteStore,
  owner: string,
  rules: JournalRetention & BeforeForget,
): string[] {
  const most = Math.min(mostRecords, Math.floor(rules.maxBytes / bytesPerRecord))
  deleteOldAuditLines(store, { before: rules.endedBefore, most })
  const removed: string[] = []
  const mail = mailSize(store)
  for (const { id, lastAt } of oldestFirst(store, owner)) {
    if (lastAt >= rules.endedBefore && pagesSize(store) - mail <= rules.maxBytes) break
    if (!rules.removable(id)) continue
    rules.beforeForget(id)
    deleteJournaledAgents(store, owner, [id])
    removed.push(id)
  }
  return removed
}

/** `beforeForget` is called for each agent that is about to be deleted. */
type BeforeForget = { beforeForget: (agentId: string) => void }

/** The most lines of the audit log, and the journal's bytes per kept line; a line takes about a quarter of these. */
const mostRecords = 100_000
const bytesPerRecord = 2_048

/** Deletes agents of this owner with their facts, and returns the space to the disk. */
export function deleteJournaledAgents(store: SqliteStore, owner: string, agentIds: readonly string[]): void {
  const gone = 'DELETE FROM agents WHERE owner = ? AND id IN (SELECT value FROM json_each(?))'
  store.write(() => {
    store.run(gone, owner, JSON.stringify(agentIds))
    store.execute('PRAGMA incremental_vacuum')
  })
}

function oldestFirst(store: SqliteStore, owner: string): z.infer<typeof AgentAge>[] {
  const last = 'SELECT at FROM facts WHERE agentId = agents.id ORDER BY seq DESC LIMIT 1'
  const ages = `SELECT id, (${last}) AS lastAt FROM agents WHERE owner = ? ORDER BY lastAt`
  return store.rows(AgentAge, ages, owner)
}

const AgentAge = z.object({ id: z.string(), lastAt: z.number() })

function pagesSize(store: SqliteStore): number {
  const size = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size'
  return store.rows(Bytes, size)[0]?.bytes ?? 0
}

function mailSize(store: SqliteStore): number {
  const size =
    "SELECT total(pgsize) AS bytes FROM dbstat WHERE name GLOB 'mail*' OR name GLOB 'sqlite_autoindex_mail*'"
  return store.rows(Bytes, size)[0]?.bytes ?? 0
}

const Bytes = z.object({ bytes: z.number() })
