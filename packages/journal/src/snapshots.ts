import { z } from 'zod'
import { rowChecksum, rowChecksumText } from './checksum.js'
import { lastFactNumber } from './facts.js'
import type { JournalOwner } from './owner.js'
import type { Store } from './store.js'

/** Snapshots to write. Each stands for all facts of its agent so far, `shared` for what all facts say together. */
export type NewSnapshots = { agents: readonly { agentId: string; body: unknown }[]; shared: unknown }

/** A snapshot that stands for facts of an agent, or of all agents. */
export type StoredSnapshot = {
  /** Where it belongs among facts: an agent's snapshot at the agent's first fact, the shared one after the last that it knows. */
  seq: number
  snapshot: unknown
}

type Writer = Pick<JournalOwner, 'id' | 'version'>

/** Writes snapshots in one transaction, with the number of the newest fact. Leaves out agents of other owners. */
export function keepSnapshots(store: Store, { id, version }: Writer, { agents, shared }: NewSnapshots): void {
  const row = `INSERT OR REPLACE INTO snapshots (agentId, seq, version, body, checksum)
    SELECT id, ?, ?, ?, ? FROM agents WHERE id = ? AND owner = ?`
  const sharedRow =
    'INSERT OR REPLACE INTO sharedSnapshot (id, seq, version, body, checksum) VALUES (1, ?, ?, ?, ?)'
  store.write(() => {
    const seq = lastFactNumber(store)
    for (const { agentId, body } of agents) {
      const text = JSON.stringify(body)
      store.run(row, seq, version, text, checksumOf(agentId, seq, text), agentId, id)
    }
    const text = JSON.stringify(shared)
    store.run(sharedRow, seq, version, text, checksumOf('', seq, text))
  })
}

/** The snapshots of some agents and the shared one, in the order of `seq`. Deletes damaged ones and those of other versions. */
export function readSnapshots(
  store: Store,
  version: string,
  agentIds: readonly string[],
): { seq: number; body: string }[] {
  const known = store.rows(Row, rows, JSON.stringify(agentIds))
  const isUsable = (row: z.infer<typeof Row>): boolean =>
    row.version === version && row.checksum === checksumOf(row.agentId, row.seq, row.body)
  const unusable = known.filter((row) => !isUsable(row)).map(({ agentId }) => agentId)
  if (unusable.length > 0) {
    const gone = 'DELETE FROM snapshots WHERE agentId IN (SELECT value FROM json_each(?))'
    store.write(() => store.run(gone, JSON.stringify(unusable)))
  }
  const shared = store.rows(Row, sharedRows).filter(isUsable)
  // Half a number later than the last fact that it knows.
  const all = [...known.filter(isUsable), ...shared.map((row) => ({ ...row, first: row.seq + 0.5 }))]
  return all.sort((one, other) => one.first - other.first).map(({ first, body }) => ({ seq: first, body }))
}

const rows = `SELECT agentId, seq, version, body, checksum, (SELECT min(seq) FROM facts WHERE agentId = snapshots.agentId) AS first
  FROM snapshots WHERE agentId IN (SELECT value FROM json_each(?))`
const sharedRows = `SELECT '' AS agentId, seq, version, body, checksum, seq AS first FROM sharedSnapshot`

const Row = z.object({
  agentId: z.string(),
  seq: z.number(),
  version: z.string(),
  body: z.string(),
  checksum: z.number(),
  first: z.number(),
})

function checksumOf(agentId: string, seq: number, body: string): number {
  return rowChecksum(rowChecksumText([agentId, seq, body]))
}
