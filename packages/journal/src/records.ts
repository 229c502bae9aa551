import { z } from 'zod'
import type { Store } from './store.js'

/** A line of the audit log, which outlives the agent that it is about: `body` is anything that JSON can say. */
export type AuditLine = {
  /** Unix milliseconds. */
  at: number
  agentId: string
  /** One of many alike: where there is no room for all, these go first. */
  routine: boolean
  body: unknown
}

/** Which lines to read: the newest `limit`, of one agent or of all. */
export type AuditQuery = { agentId?: string; limit: number }

/** Writes lines; only inside a `write` of the store. */
export function insertRecords(store: Store, lines: readonly AuditLine[]): void {
  const inserted = 'INSERT INTO records (at, agentId, routine, body) VALUES (?, ?, ?, ?)'
  for (const { at, agentId, routine, body } of lines)
    store.run(inserted, at, agentId, Number(routine), JSON.stringify(body))
}

/** The lines that a query finds, oldest first. */
export function newestRecords(rows: Store['rows'], { agentId, limit }: AuditQuery): AuditLine[] {
  const lines = 'SELECT at, agentId, routine, body FROM records'
  const newest = 'ORDER BY seq DESC LIMIT ?'
  const found =
    agentId === undefined
      ? rows(Row, `${lines} ${newest}`, limit)
      : rows(Row, `${lines} WHERE agentId = ? ${newest}`, agentId, limit)
  return found.reverse()
}

/**
 * Deletes the lines of before `before`, and as many of the others as there are more than `most`: the oldest first, and
 * those of the routine before all others. Whoever wrote them.
 */
export function retainRecords(store: Store, { before, most }: { before: number; most: number }): void {
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
