import { statSync } from 'node:fs'
import { markPath, openAcknowledged, type Acknowledged } from './acknowledged.js'
import {
  appendFacts,
  damagedType,
  lastSeq,
  readFacts,
  type Entry,
  type JournalQuery,
  type NewEntry,
} from './facts.js'
import { recordLoss, type Loss } from './losses.js'
import { mendJournal } from './mend-journal.js'
import { migrate } from './migrations.js'
import type { Owner } from './owner.js'
import { enterOwner, type AdoptResult, type ClaimResult, type Owners } from './owners.js'
import { insertRecords, newestRecords, type AuditLine, type AuditQuery } from './records.js'
import { deleteAgents, applyRetention, type JournalRetention } from './retention.js'
import { openStore, type Store } from './store.js'

/** Where the journal is, who opens it, and how it learns of the others. */
export type JournalOptions = {
  path: string
  owner: Omit<Owner, 'id' | 'since'>
  /**
   * Whether another owner's process runs. Who is dead must stay dead: pid and start time say so, a pid alone does not, and
   * neither does of an owner in another place. When in doubt, alive: else a live owner's agents are taken from it.
   */
  isAlive: (owner: Owner) => boolean
  /** Told of what was acknowledged and is gone, when the journal is opened, and when a fact is read that is damaged. Must not throw. */
  onLoss?: (loss: Loss) => void
  /** Told when the numbers of what was acknowledged cannot be noted beside the journal: its loss would not be noticed. Must not throw. */
  onMarkProblem?: (problem: string) => void
  /** Told once for each agent that another owner has by now, when its facts were first left out. Must not throw. */
  onForeign: (agentIds: readonly string[]) => void
  /** Unix milliseconds. */
  now: () => number
}

/** Durable facts, shared with other owners of the same file. Every call @throws SubagentError `io-failed`. */
export type Journal = {
  owner: Owner
  /**
   * Writes facts in one transaction and returns the number of the last. When it returns they survive the end of this
   * process; when it throws none is written. An agent belongs to the owner that wrote its first fact, or adopted it
   * last: facts of another owner's agents are left out, `onForeign` says so, and the rest is written. When nothing is
   * left to write, the number is that of the last fact in the journal. The lines of the audit log come with the facts, all
   * or none, and are written whoever owns their agent: here is where it happened.
   */
  append(entries: readonly NewEntry[], records?: readonly AuditLine[]): number
  /** A page of facts, whoever wrote them: the first ones after `after`, at most 1,000 unless `limit` says else. */
  read(query: JournalQuery): Entry[]
  /** The newest lines of the audit log, whoever wrote them, oldest first. They stay when their agent is forgotten. */
  records(query: AuditQuery): AuditLine[]
  /** The number of the last fact that was ever written, by whomever. */
  lastSeq(): number
  /** Makes this owner the one daemon of its version, unless a live one is. It stays so until it closes or dies. */
  claim(): ClaimResult
  /**
   * Takes over, in one transaction, the agents of owners that are dead or have closed; of two adopters one gets an agent.
   * The dead owners' rows stay, with the nonces that lead to their leftover processes, and come again at each
   * `adopt`, until `deleteOwners`: so a crash at any point between loses none.
   */
  adopt(): AdoptResult
  /** Forgets dead owners, once no process of theirs is left. */
  deleteOwners(owners: readonly Owner[]): void
  /** Tells this owner's load to the other owners, in place of what it told before. */
  publish(load: unknown): void
  /** The loads that the other live owners told. */
  othersLoad(): unknown[]
  /** The other owners whose processes run. */
  others(): Owner[]
  /** Deletes agents of this owner; the others' stay. */
  forget(agentIds: readonly string[]): void
  /** Deletes old lines of the audit log, then old agents of this owner, by age and then by size; returns their ids, oldest first. */
  retain(rules: JournalRetention): string[]
  /**
   * Why this journal cannot be kept any more, if it cannot: its file was deleted, replaced or emptied, and what is written
   * is lost. The owner is to end. Cheap enough to be asked every second.
   */
  trouble(): string | undefined
  /** The size on disk, with what is not yet merged into the file. */
  size(): { path: string; bytes: number }
  /** Gives up this owner's agents, which can be adopted at once. Idempotent, never throws. */
  close(): void
}

/**
 * Opens the journal and enters this owner into it.
 * @throws SubagentError `io-failed`: a full disk, a folder that cannot be made or written, no database, a newer format.
 */
export function openJournal(options: JournalOptions): Journal {
  const { path, owner, isAlive, now, onLoss } = options
  const loss = mendJournal(path, now)
  if (loss !== undefined) onLoss?.(loss)
  const store = openStore(path)
  try {
    migrate(store)
    const owners = enterOwner(store, { ...owner, since: now(), isAlive })
    const acknowledged = openAcknowledged(markPath(path, 'mark'), options.onMarkProblem)
    return journalOf(store, { ...options, owners, acknowledged })
  } catch (cause) {
    store.close()
    throw cause
  }
}

type Parts = Omit<JournalOptions, 'owner'> & { owners: Owners; acknowledged: Acknowledged }

function journalOf(store: Store, parts: Parts): Journal {
  const { owners, acknowledged, onForeign } = parts
  const { self, claim, deleteOwners, publish, othersLoad, others } = owners
  const { path } = store
  const tellForeign = onceEach(onForeign)
  const heed = tellDamaged(parts)
  let isOpen = true
  return {
    owner: self,
    append: (entries, records = []) => {
      if (entries.length + records.length === 0) return lastSeq(store)
      const { seq, written, foreign } = store.write(() => {
        insertRecords(store, records)
        return appendFacts(store, self.id, entries)
      })
      acknowledged.note(written)
      tellForeign(foreign)
      return seq
    },
    read: (query) => readFacts(store, query).map(heed),
    records: (query) => newestRecords(store.rows, query),
    lastSeq: () => lastSeq(store),
    claim,
    adopt: () => {
      const { owners: dead, entries } = owners.adopt()
      return { owners: dead, entries: heeded(entries, heed) }
    },
    deleteOwners,
    publish,
    othersLoad,
    others,
    forget: (agentIds) => {
      acknowledged.forget(agentIds)
      deleteAgents(store, self.id, agentIds)
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
      leaveJournal(store, owners)
      acknowledged.close()
      isOpen = false
    },
  }
}

/** Puts each fact that is read and is damaged on record, once. */
function tellDamaged({ path, now, onLoss }: Parts): (entry: Entry) => Entry {
  const told = new Set<number>()
  return (entry) => {
    if (entry.type !== damagedType || told.has(entry.seq)) return entry
    told.add(entry.seq)
    const found = `fact ${entry.seq} is not what was written`
    const loss = { at: now(), database: path, found, facts: 1, messages: 0, agents: [] }
    try {
      recordLoss(loss)
    } catch {
      // A full disk, perhaps: it is told all the same, and found again when the journal is opened.
    }
    onLoss?.(loss)
    return entry
  }
}

function heeded(entries: Iterable<Entry>, heed: (entry: Entry) => Entry): Iterable<Entry> {
  return {
    *[Symbol.iterator]() {
      for (const entry of entries) yield heed(entry)
    },
  }
}

/** Passes on each of the ids the first time that it comes. */
function onceEach(tell: (ids: readonly string[]) => void): (ids: readonly string[]) => void {
  const told = new Set<string>()
  return (ids) => {
    const untold = ids.filter((id) => !told.has(id))
    for (const id of untold) told.add(id)
    if (untold.length > 0) tell(untold)
  }
}

function leaveJournal(store: Store, owners: Owners): void {
  try {
    owners.removeSelf()
  } catch {
    // A full disk does not take it; that the process is dead will say the same.
  } finally {
    store.close()
  }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
