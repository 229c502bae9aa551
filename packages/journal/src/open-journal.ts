import { statSync } from 'node:fs'
import { getCommitMarkFilePath, openCommitMarks, type CommitMarks } from './commit-marks.js'
import {
  appendFacts,
  damagedFactType,
  iterateFactsOfAgent,
  readLastFactNumber,
  readFacts,
  type StoredFact,
  type JournalFactQuery,
  type NewFact,
} from './facts.js'
import { recordDataLoss, type DataLoss } from './data-losses.js'
import { repairJournal } from './repair-journal.js'
import { migrateJournal } from './migrations.js'
import type { JournalOwner } from './journal-owner.js'
import { registerJournalOwner, type JournalOwners } from './journal-owners.js'
import { insertAuditLines, readNewestAuditLines, type AuditLine, type AuditQuery } from './audit-lines.js'
import { deleteJournaledAgents, applyRetention, type JournalRetention } from './retention.js'
import { openSqliteStore, type SqliteStore } from './sqlite-store.js'
import { writeSnapshots, type LoadedSnapshots, type NewSnapshots, type StoredSnapshot } from './snapshots.js'
import { openUsageTable, type UsageTable } from './usage-table.js'

/** The options of `openJournal`: the file, the process that opens it, and callbacks. */
export type JournalOptions = {
  path: string
  owner: Omit<JournalOwner, 'id' | 'since'>
  /**
   * Whether another owner's process runs. A pid alone is not enough: compare its start time, and only in the same
   * place. When in doubt return true, because agents of an owner that is reported dead are taken over.
   */
  isAlive: (owner: JournalOwner) => boolean
  /**
   * The snapshots of the file, if this process has found it in order a moment ago by `isJournalSoundAndComplete`. Default: the opening
   * checks the file, and snapshots are read when agents are taken over.
   */
  checkedSnapshots?: LoadedSnapshots | undefined
  /** The version of the snapshots that this owner writes and reads. Default: the owner's version. */
  snapshotVersion?: string
  /** Called when committed data is found lost, at the opening or when a damaged fact is read. Must not throw. */
  onLoss?: (loss: DataLoss) => void
  /** Called when the mark file cannot be written, so that a later loss would not be noticed. Must not throw. */
  onMarkProblem?: (problem: string) => void
  /** Called with agents whose facts were not written because another owner has them, once per agent. Must not throw. */
  onForeign: (agentIds: readonly string[]) => void
  /** The current time in Unix milliseconds. */
  now: () => number
}

/** Durable facts in one SQLite file that processes share. Calls throw SubagentError `io-failed` on file errors. */
export type Journal = Omit<JournalOwners, 'self' | 'removeSelf'> & {
  owner: JournalOwner
  /** The open file, for other tables in it. */
  store: SqliteStore
  /**
   * Writes facts in one transaction and returns the number of the last. They survive the end of this process; after
   * an error none is written. An agent belongs to the owner that wrote its first fact or adopted it last: facts of
   * other owners' agents are left out, with a call of `onForeign`. If nothing is left to write, the number is that of
   * the last fact in the file. Lines of the audit log are written in the same transaction, whoever owns their agent.
   */
  append(entries: readonly NewFact[], records?: readonly AuditLine[]): number
  /** The facts of all owners after number `after`, by default at most 1,000. */
  read(query: JournalFactQuery): StoredFact[]
  /** The facts of an agent of any owner, oldest or newest first, which are read page by page. */
  factsOf(agentId: string, order: 'oldest-first' | 'newest-first'): Iterable<StoredFact>
  /** The newest lines of the audit log of all owners, oldest first. The lines outlive their agents. */
  records(query: AuditQuery): AuditLine[]
  /** What turns have used, of all owners. It outlives the agents. */
  usage: UsageTable
  /** Writes snapshots of agents of this owner, which `adopt` returns in place of the facts that they stand for. */
  keepSnapshots(snapshots: NewSnapshots): void
  /** The highest fact number ever used, by any owner. */
  lastSeq(): number
  /** Deletes agents of this owner from the journal. Those of others stay. */
  forget(agentIds: readonly string[]): void
  /** Deletes old lines of the audit log, then old agents of this owner by age and size. Returns their ids. */
  retain(rules: JournalRetention): string[]
  /** Returns why the journal no longer works, if its file was deleted or replaced. Can be called each second. */
  trouble(): string | undefined
  /** The path of the journal, and its bytes on disk with the write-ahead log. */
  size(): { path: string; bytes: number }
  /** Closes the journal. Others can then adopt this owner's agents. Can be called twice; never throws. */
  close(): void
}

/**
 * Opens or creates a journal, and registers this owner. @throws SubagentError `io-failed` for a full disk, a folder
 * that cannot be created or written, a file that is no database, or a newer format
 */
export function openJournal(options: JournalOptions): Journal {
  const { path, owner, isAlive, checkedSnapshots, now, onLoss, snapshotVersion = owner.version } = options
  const loss = checkedSnapshots ? undefined : repairJournal(path, now)
  if (loss !== undefined) onLoss?.(loss)
  const store = openSqliteStore(path)
  try {
    migrateJournal(store)
    const entered = { ...owner, since: now() }
    const owners = registerJournalOwner(store, { ...entered, isAlive, snapshotVersion, checkedSnapshots })
    const acknowledged = openCommitMarks(getCommitMarkFilePath(path, 'mark'), options.onMarkProblem)
    return journalOf(store, { ...options, snapshotVersion, owners, acknowledged })
  } catch (cause) {
    store.close()
    throw cause
  }
}

type Parts = Omit<JournalOptions, 'owner'> & {
  snapshotVersion: string
  owners: JournalOwners
  acknowledged: CommitMarks
}

function journalOf(store: SqliteStore, parts: Parts): Journal {
  const { owners, acknowledged, onForeign, snapshotVersion } = parts
  const { self, removeSelf, ...shared } = owners
  const { path } = store
  const reportForeign = onceEach(onForeign)
  const reportDamage = createDamageReporter(parts)
  let isOpen = true
  return {
    ...shared,
    owner: self,
    append: (entries, records = []) => {
      if (entries.length + records.length === 0) return readLastFactNumber(store)
      const { seq, written, foreign } = store.write(() => {
        insertAuditLines(store, records)
        return appendFacts(store, self.id, entries)
      })
      acknowledged.note(written)
      reportForeign(foreign)
      return seq
    },
    read: (query) => readFacts(store, query).map(reportDamage),
    factsOf: (agentId, order) => reportingDamage(iterateFactsOfAgent(store, agentId, order), reportDamage),
    records: (query) => readNewestAuditLines(store.rows, query),
    ...{ store, usage: openUsageTable(store), lastSeq: () => readLastFactNumber(store) },
    keepSnapshots: (snapshots) =>
      writeSnapshots(store, { ownerId: self.id, version: snapshotVersion }, snapshots),
    adopt: () => {
      const { owners: dead, entries } = owners.adopt()
      return { owners: dead, entries: reportingDamage(entries, reportDamage) }
    },
    forget: (agentIds) => {
      acknowledged.forget(agentIds)
      deleteJournaledAgents(store, self.id, agentIds)
    },
    retain: (rules) =>
      applyRetention(store, self.id, { ...rules, beforeForget: (agentId) => acknowledged.forget([agentId]) }),
    trouble: () => {
      acknowledged.check()
      return store.trouble()
    },
    size: () => ({ path, bytes: bytesOf(path) + bytesOf(`${path}-wal`) }),
    close: () => {
      if (!isOpen) return
      leaveJournal(store, removeSelf)
      acknowledged.close()
      isOpen = false
    },
  }
}

/** Returns a function that records each damaged fact as a loss, once, when it is read. */
function createDamageReporter({ path, now, onLoss }: Parts): (entry: StoredFact) => StoredFact {
  const told = new Set<number>()
  return (entry) => {
    if (entry.type !== damagedFactType || told.has(entry.seq)) return entry
    told.add(entry.seq)
    const found = `fact ${entry.seq} is not what was written`
    const loss = { at: now(), database: path, found, facts: 1, messages: 0, agents: [] }
    try {
      recordDataLoss(loss)
    } catch {
      // Recording may fail on a full disk. The caller gets the error of the read in any case, and the next opening finds the damage
      // again.
    }
    onLoss?.(loss)
    return entry
  }
}

function reportingDamage<Entry extends StoredFact | StoredSnapshot>(
  entries: Iterable<Entry>,
  reportDamage: (entry: StoredFact) => StoredFact,
): Iterable<Entry> {
  return {
    *[Symbol.iterator]() {
      for (const entry of entries) {
        if ('type' in entry) reportDamage(entry)
        yield entry
      }
    },
  }
}

/** Returns a function that passes each id on once, when the id first appears. */
function onceEach(tell: (ids: readonly string[]) => void): (ids: readonly string[]) => void {
  const told = new Set<string>()
  return (ids) => {
    const untold = ids.filter((id) => !told.has(id))
    for (const id of untold) told.add(id)
    if (untold.length > 0) tell(untold)
  }
}

function leaveJournal(store: SqliteStore, removeSelf: () => void): void {
  try {
    removeSelf()
  } catch {
    // Removing the owner's row may fail on a full disk. Other owners will notice that the process has ended.
  } finally {
    store.close()
  }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
