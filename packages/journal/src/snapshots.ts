import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { computeRowChecksum, joinRowChecksumText, rowChecksumTextSql } from './checksum.js'
import { readLastFactNumber } from './facts.js'
import type { Store } from './store.js'

/** Snapshots to write. Each stands for all facts of its agent so far, `shared` for what all facts say together. */
export type NewSnapshots = { agents: readonly { agentId: string; body: unknown }[]; shared: unknown }

/** A snapshot that stands for facts of an agent, or of all agents. */
export type StoredSnapshot = {
  /** Where it belongs among facts: an agent's snapshot at the agent's first fact, the shared one after the last that it knows. */
  seq: number
  snapshot: unknown
}

/** The owner that writes snapshots, and their version. */
type Writer = { ownerId: string; version: string }

/** Writes snapshots in one transaction, with the number of the newest fact. Leaves out agents of other owners. */
export function keepSnapshots(
  store: Store,
  { ownerId, version }: Writer,
  { agents, shared }: NewSnapshots,
): void {
  const row = `INSERT OR REPLACE INTO snapshots (agentId, seq, version, body, checksum)
    SELECT id, ?, ?, ?, ? FROM agents WHERE id = ? AND owner = ?`
  const sharedRow = 'INSERT OR REPLACE INTO sharedSnapshot (version, seq, body, checksum) VALUES (?, ?, ?, ?)'
  store.write(() => {
    const seq = readLastFactNumber(store)
    const checksumOf = (agentId: string, body: string): number =>
      computeRowChecksum(joinRowChecksumText([version, seq, agentId, body]))
    for (const { agentId, body } of agents) {
      const text = JSON.stringify(body)
      store.run(row, seq, version, text, checksumOf(agentId, text), agentId, ownerId)
    }
    const text = JSON.stringify(shared)
    store.run(sharedRow, version, seq, text, checksumOf('', text))
    store.run(deleteOldShared)
  })
}

// During an upgrade two versions may write.
const deleteOldShared = `DELETE FROM sharedSnapshot
  WHERE version NOT IN (SELECT version FROM sharedSnapshot ORDER BY seq DESC LIMIT 2)`

/** A snapshot that is read: `first` is its place among facts, and `last` the number of the last fact that it stands for. */
export type ReadSnapshot = { agentId: string; first: number; last: number; body: string }

/**
 * The snapshots of some agents and the shared one, whose agent id is empty, in the order of `first`. Deletes damaged ones and those
 * of other versions. Without a shared one it returns none, because an agent's snapshot lacks what its facts say about all agents.
 */
export function readSnapshots(store: Store, version: string, agentIds: readonly string[]): ReadSnapshot[] {
  const known = store.rows(Row, rows, JSON.stringify(agentIds)).map((row) => readRow(row, version))
  deleteRows(
    store,
    known.flatMap((row) => (typeof row === 'number' ? [row] : [])),
  )
  const [shared] = store.rows(Row, sharedRow, version).map((row) => readRow(row, version))
  if (shared === undefined || typeof shared === 'number') return []
  // Half a number later than the last fact that it knows.
  const all = [...known, { ...shared, first: shared.last + 0.5 }]
  return all
    .flatMap((row) => (typeof row === 'number' ? [] : [row]))
    .sort((one, other) => one.first - other.first)
}

/** Deletes rows of agents. A full disk only leaves them, because they are not used in any case. */
function deleteRows(store: Store, ids: readonly number[]): void {
  if (ids.length === 0) return
  const gone = 'DELETE FROM snapshots WHERE rowid IN (SELECT value FROM json_each(?))'
  try {
    store.write(() => store.run(gone, JSON.stringify(ids)))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}

const content = (agentId: string): string => rowChecksumTextSql(['version', 'seq', agentId, 'body'])
const rows = `SELECT rowid AS id, checksum, ${content('agentId')} AS content,
    (SELECT min(seq) FROM facts WHERE agentId = snapshots.agentId) AS first
  FROM snapshots WHERE agentId IN (SELECT value FROM json_each(?))`
const sharedRow = `SELECT rowid AS id, checksum, ${content("''")} AS content, seq AS first FROM sharedSnapshot WHERE version = ?`

const Row = z.object({
  id: z.number(),
  checksum: z.number(),
  content: z.instanceof(ArrayBuffer).transform((bytes) => Buffer.from(bytes)),
  first: z.number().nullable(),
})

/** Returns the snapshot in a row, or the id of a row that is damaged, of another version or of an agent without facts. */
function readRow(
  { id, checksum, content, first }: z.infer<typeof Row>,
  version: string,
): ReadSnapshot | number {
  if (first === null || checksum !== computeRowChecksum(content)) return id
  const end = content.lastIndexOf('\n')
  const [of, last, ...agentId] = content.subarray(0, end).toString().split('\n')
  if (of !== version) return id
  return {
    agentId: agentId.join('\n'),
    first,
    last: Number(last),
    body: content.subarray(end + 1).toString(),
  }
}
