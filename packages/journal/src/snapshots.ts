import { SubagentError } from '@subagent-mcp/contract'
import { readCheckedRows, type CheckedRow, type CheckedTable } from './checked-rows.js'
import { computeRowChecksum, joinRowChecksumText } from './row-checksum.js'
import { readLastFactNumber } from './facts.js'
import { readJournalFile } from './read-journal-file.js'
import type { SqliteStore } from './sqlite-store.js'

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
export function writeSnapshots(
  store: SqliteStore,
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
export type LoadedSnapshot = { agentId: string; first: number; last: number; snapshot: unknown }

/** The snapshots of a version as they were read: a row for each agent, and the shared one. Without the shared one the others are not used. */
export type LoadedSnapshots = { rows: readonly LoadedRow[]; shared: LoadedSnapshot | undefined }

/** The row of an agent; `agentId` is missing if it is damaged, and `loaded` also if it is of another version. */
type LoadedRow = { id: number; agentId?: string; loaded?: LoadedSnapshot }

/**
 * Reads the snapshots of a journal that is not checked yet: their own checksums make that safe. `openJournal` takes them once the file is
 * found in order. Snapshots that are replaced meanwhile stay right, because newer facts are replayed on top of them. Returns `undefined`
 * for a file that cannot be read.
 */
export function readSnapshotsOfFile(path: string, version: string): LoadedSnapshots | undefined {
  try {
    return readJournalFile(path, (rows) => loadSnapshots(rows, version))
  } catch {
    return undefined // The check of the file tells why.
  }
}

/**
 * The snapshots of some agents and the shared one, whose agent id is empty, in the order of `first`. Deletes the damaged ones, and those of
 * other versions of these agents. Without a shared one it returns none, because an agent's snapshot lacks what its facts say about all
 * agents. `loaded`: what was read before the opening.
 */
export function readSnapshots(
  store: SqliteStore,
  { version, loaded }: { version: string; loaded: LoadedSnapshots | undefined },
  agentIds: readonly string[],
): readonly LoadedSnapshot[] {
  const wanted = new Set(agentIds)
  const isWanted = (agentId: string): boolean => wanted.has(agentId)
  const { rows, shared } = loaded ?? loadSnapshots(store.rows, version, isWanted)
  const ours = rows.filter(({ agentId }) => agentId === undefined || isWanted(agentId))
  const useless = ours.flatMap((row) => (row.loaded ? [] : [row.id]))
  deleteRows(store, useless)
  if (!shared) return []
  const known = ours.flatMap((row) => row.loaded ?? [])
  return [...known, shared].sort((one, other) => one.first - other.first)
}

function loadSnapshots(
  rows: SqliteStore['rows'],
  version: string,
  isWanted = (_agentId: string): boolean => true,
): LoadedSnapshots {
  const loaded: LoadedRow[] = []
  for (const row of readCheckedRows(rows, agentRows)) {
    const { id, extra: first } = row
    const found = row.isDamaged ? undefined : parseRow(row)
    if (!found) loaded.push({ id })
    else if (isWanted(found.agentId)) {
      const isUsed = found.version === version && typeof first === 'number'
      loaded.push({ id, agentId: found.agentId, ...(isUsed && { loaded: toLoadedSnapshot(found, first) }) })
    }
  }
  for (const row of readCheckedRows(rows, sharedRows)) {
    const found = parseRow(row)
    if (row.isDamaged || found.version !== version) continue
    // Half a number later than the last fact that it knows.
    return { rows: loaded, shared: toLoadedSnapshot(found, found.last + 0.5) }
  }
  return { rows: loaded, shared: undefined }
}

function toLoadedSnapshot(
  { agentId, last, body }: ReturnType<typeof parseRow>,
  first: number,
): LoadedSnapshot {
  return { agentId, first, last, snapshot: JSON.parse(body) }
}

/** Deletes rows of agents. A full disk only leaves them, because they are not used in any case. */
function deleteRows(store: SqliteStore, ids: readonly number[]): void {
  if (ids.length === 0) return
  const gone = 'DELETE FROM snapshots WHERE rowid IN (SELECT value FROM json_each(?))'
  try {
    store.write(() => store.run(gone, JSON.stringify(ids)))
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}

const agentRows: CheckedTable = {
  table: 'snapshots',
  columns: ['version', 'seq', 'agentId', 'body'],
  // The number of the agent's first fact; null without any.
  extra: '(SELECT min(seq) FROM facts WHERE agentId = snapshots.agentId)',
}
const sharedRows: CheckedTable = { table: 'sharedSnapshot', columns: ['version', 'seq', "''", 'body'] }

/** The columns of a row with a snapshot, of which only the body has no line break. */
function parseRow({ content }: CheckedRow): { version: string; last: number; agentId: string; body: string } {
  const end = content.lastIndexOf('\n')
  const [version = '', last, ...agentId] = content.subarray(0, end).toString().split('\n')
  return {
    version,
    last: Number(last),
    agentId: agentId.join('\n'),
    body: content.subarray(end + 1).toString(),
  }
}
