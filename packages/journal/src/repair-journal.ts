import { omitUndefined } from '@subagent-mcp/contract'
import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import {
  openCommitMarks,
  getCommitMarkFilePath,
  readCommitMarkFile,
  type CommitMarkFile,
} from './commit-marks.js'
import { raiseRowIdCounter } from './facts.js'
import { examineJournal, journalCheckParts, type JournalExamination } from './inspect-journal.js'
import { readDataLosses, recordDataLoss, type DataLoss } from './data-losses.js'
import { migrateJournal } from './migrations.js'
import { salvageJournal, type JournalSalvage } from './salvage.js'
import {
  createDamagedFilePath,
  copyDatabaseAside,
  findInterruptedRepairPath,
  getRepairedFilePath,
  moveDatabaseAside,
} from './damaged-database-files.js'
import { openSqliteStore, type SqliteStore, rethrowIoFailures } from './sqlite-store.js'
import { z } from 'zod'
import Database from 'libsql'

/** The state of a journal's files before it is opened. */
type Found = {
  facts: CommitMarkFile
  messages: CommitMarkFile
  examined: JournalExamination
  isStrayWal: boolean
}

/**
 * Prepares a journal for opening: checks that it is sound and has all committed data. Otherwise it records and
 * returns the loss, renames a damaged file, and copies what can be read to a new one. Of several processes that find
 * the damage only one repairs it. @throws SubagentError `io-failed`
 */
export function repairJournal(path: string, now: () => number): DataLoss | undefined {
  if (isJournalSoundAndComplete(path)) return undefined
  return withFileLock(`${path}.mending`, () => {
    const away = findInterruptedRepairPath(path)
    if (away !== undefined) return finishMending(path, away)
    const found = lookAt(path)
    return isInOrder(found) ? undefined : mend(path, found, now())
  })
}

/**
 * Whether a journal is sound and has all committed data, or is of a newer format; with `parts` only as far as these parts of the check
 * find. Changes nothing, and blocks for about a second for 300 MB. @throws SubagentError `io-failed` for a file that cannot be read
 */
export function isJournalSoundAndComplete(path: string, parts = journalCheckParts): boolean {
  return findInterruptedRepairPath(path) === undefined && isInOrder(lookAt(path, parts))
}

/** Finishes an interrupted repair whose new file was complete, and returns its recorded loss again. */
function finishMending(path: string, away: string): DataLoss | undefined {
  moveDatabaseAside(path, away)
  renameSync(getRepairedFilePath(away), path)
  return readDataLosses(path).findLast(
    ({ aside }) => aside !== undefined && basename(aside) === basename(away),
  )
}

/** Reads a journal's files. Marks come first: facts that another daemon writes meanwhile are then no loss. */
function lookAt(path: string, parts = journalCheckParts): Found {
  const [facts, messages] = [
    readCommitMarkFile(getCommitMarkFilePath(path, 'mark')),
    readCommitMarkFile(getCommitMarkFilePath(path, 'mail-mark')),
  ]
  return {
    facts,
    messages,
    isStrayWal: isEmpty(path) && !isEmpty(`${path}-wal`),
    examined: examineJournal(path, parts),
  }
}

function isInOrder({ facts, messages, examined, isStrayWal }: Found): boolean {
  if (examined.type === 'newer') return true // Whoever opens it says so.
  if (examined.type === 'damaged' || isStrayWal) return false
  const has = examined.type === 'sound' ? examined : { facts: 0, messages: 0 }
  return has.facts >= facts.seq && has.messages >= messages.seq
}

function isEmpty(path: string): boolean {
  if (!existsSync(path)) return true
  const stats = statSync(path)
  return stats.isFile() && stats.size === 0
}

function mend(path: string, found: Found, now: number): DataLoss {
  removeFresh(path) // A crash may have left it.
  const mending = { path, found, now, away: createDamagedFilePath(path, now) }
  return found.examined.type === 'sound' ? mendShort(mending) : mendDamaged(mending)
}

/** A repair of the journal. `away` is the path for the damaged file. */
type Mending = { path: string; found: Found; now: number; away: string }

/** Repairs a journal that is sound but lacks its newest facts: it stays in use, and a copy is kept. */
function mendShort({ path, found, away, now }: Mending): DataLoss {
  copyDatabaseAside(path, away)
  const store = openSqliteStore(path)
  try {
    migrateJournal(store)
    const [last] = store.rows(
      Last,
      'SELECT coalesce(max(seq), 0) AS seq, coalesce(max(at), 0) AS at FROM facts',
    )
    const agents = new Set(store.rows(Id, 'SELECT id FROM agents').map(({ id }) => id))
    const has = examinedNumbers(found)
    const left = { ...has, since: last?.at, agents }
    return conclude(store, { path, found, left, words: 'its end is gone', aside: away, now })
  } finally {
    store.close()
  }
}

function mendDamaged({ path, found, away, now }: Mending): DataLoss {
  const fresh = freshPath(path)
  const salvaged = salvageJournal(path, fresh, found.facts.seq)
  const store = openSqliteStore(fresh)
  let loss: DataLoss
  try {
    const words = wordsFor(found)
    const aside = setAsideIsDue(path) ? away : undefined
    const left = { ...salvaged, facts: salvaged.lastFact }
    loss = conclude(store, { path, found, left, words, aside, now, missing: missingFacts(found, salvaged) })
    // All data must be in one file, because that file replaces the journal.
    store.rows(z.unknown(), 'PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    store.close()
  }
  for (const suffix of ['-wal', '-shm']) rmSync(fresh + suffix, { force: true })
  // From here on a crash loses nothing: the next start continues with this file.
  renameSync(fresh, getRepairedFilePath(away))
  finishMending(path, away)
  return loss
}

/** The path of the new journal, until it replaces the damaged one. */
function freshPath(path: string): string {
  return `${path}.salvaged`
}

function removeFresh(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(freshPath(path) + suffix, { force: true })
}

type Left = { facts: number; messages: number; since: number | undefined; agents: ReadonlySet<string> }
type Conclusion = {
  path: string
  found: Found
  left: Left
  words: string
  aside: string | undefined
  now: number
  missing?: number
}

/** Records a loss, then sets the counters: after a crash in between the loss is reported twice, rather than never. */
function conclude(
  store: SqliteStore,
  { path, found, left, words, aside, now, missing }: Conclusion,
): DataLoss {
  const { facts, messages } = found
  const loss: DataLoss = {
    at: now,
    database: path,
    found: words,
    facts: missing ?? Math.max(0, facts.seq - left.facts),
    messages: Math.max(0, messages.seq - left.messages),
    agents: facts.names
      .filter(({ name, seq }) => seq > left.facts || !left.agents.has(name))
      .map(({ name }) => name),
    ...(left.since !== undefined && left.since > 0 && { since: left.since }),
    ...(facts.at > 0 && { until: facts.at }),
    ...omitUndefined({ aside }),
  }
  recordDataLoss(loss)
  raiseRowIdCounter(store, 'facts', Math.max(facts.seq, left.facts))
  raiseRowIdCounter(store, 'mailMessages', Math.max(messages.seq, left.messages))
  forgetGone(path, left, facts)
  return loss
}

/** Removes agents that are lost from the mark file, so that their loss is not reported again. */
function forgetGone(path: string, { agents }: Left, { names }: CommitMarkFile): void {
  const marks = openCommitMarks(getCommitMarkFilePath(path, 'mark'))
  marks.forget(names.map(({ name }) => name).filter((name) => !agents.has(name)))
  marks.close()
}

/** The most facts that are missing after a salvage, at the journal's end or in unreadable parts. */
function missingFacts({ facts }: Found, salvaged: JournalSalvage): number {
  return Math.max(0, facts.seq - salvaged.facts)
}

function wordsFor({ examined, isStrayWal }: Found): string {
  if (examined.type === 'damaged') return `it was damaged (${examined.problems.join('; ')})`
  return isStrayWal ? 'it is gone, and only its last part was there' : 'it is gone'
}

function setAsideIsDue(path: string): boolean {
  return ['', '-wal'].some((suffix) => existsSync(path + suffix) && !isEmpty(path + suffix))
}

function examinedNumbers({ examined }: Found): { facts: number; messages: number } {
  return examined.type === 'sound' ? examined : { facts: 0, messages: 0 }
}

const Last = z.object({ seq: z.number(), at: z.number() })
const Id = z.object({ id: z.string() })

/** Runs `act` under an SQLite lock on another file, for which it waits a minute. @throws SubagentError */
function withFileLock<Result>(path: string, act: () => Result): Result {
  const lock = rethrowIoFailures(path, () => new Database(path, { timeout: longestWait }))
  try {
    rethrowIoFailures(path, () => lock.exec('BEGIN EXCLUSIVE'))
    return act()
  } finally {
    // libsql may keep the connection open after `close`, with its lock.
    if (lock.inTransaction) lock.exec('ROLLBACK')
    lock.close()
  }
}

const longestWait = 60_000
