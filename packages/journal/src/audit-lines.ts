import { z } from 'zod'
import type { SqliteStore } from './sqlite-store.js'

/** A line of the audit log, which outlives its agent. `body` is any JSON value. */
export type AuditLine = {
  /** The time of the line in Unix milliseconds. */
  at: number
  agentId: string
  /** Whether this line is deleted first when space is short, because there are many alike. */
  routine: boolean
  body: unknown
}

/** Selects the newest `limit` lines, of one agent or of all. */
export type AuditQuery = { agentId?: string; limit: number }

/** Writes lines of the audit log, in a transaction of the store. */
export function insertAuditLines(store: SqliteStore, lines: readonly AuditLine[]): void {
  const inserted = 'INSERT INTO records (at, agentId, routine, body) VALUES (?, ?, ?, ?)'
  for (const { at, agentId, routine, body } of lines)
    store.run(inserted, at, agentId, Number(routine), JSON.stringify(body))
}

/** Returns the selected lines of the audit log, oldest first. */
export function readNewestAuditLines(rows: SqliteStore['rows'], { agentId, limit }: AuditQuery): AuditLine[] {
  const lines = 'SELECT at, agentId, routine, body FROM records'
  const newest = 'ORDER BY seq DESC LIMIT ?'
  const found =
    agentId === undefined
      ? rows(Row, `${lines} ${newest}`, limit)
      : rows(Row, `${lines} WHERE agentId = ? ${newest}`, agentId, limit)
  return found.reverse()
}

/** Deletes lines before `before`, then the oldest lines beyond `most`, routine ones first; those of all owners. */
export function deleteOldAuditLines(
  store: SqliteStore,
  { before, most }: { before: number; most: number },
): void {
  store.write(() => {
    store.run('DELETE FROM records WHERE at < ?', before)
    const excess = 'max(0, (SELECT count(*) FROM records) - ?)' // below 0 it would be no limit
    const first = `SELECT seq FROM records ORDER BY routine DESC, seq LIMIT ${excess}`
    store.run(`DELETE FROM records WHERE seq IN (${first})`, most)
    store.execute('PRAGMA incremental_vacuum')
  })
}

const Row = z.object({
  at: z.number(),
  agentId: z.string(),
  routine: z.number().transform((flag) => flag === 1),
  body: z.string().transform((text): unknown => JSON.parse(text)),
})
