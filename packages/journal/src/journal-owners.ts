import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { computeRowChecksum, joinRowChecksumText } from './row-checksum.js'
import { iterateFactsOfAgents, readLastFactNumber, type StoredFact } from './facts.js'
import { JournalOwner } from './journal-owner.js'
import { readSnapshots, type LoadedSnapshot, type LoadedSnapshots, type StoredSnapshot } from './snapshots.js'
import type { SqliteStore } from './sqlite-store.js'

export type AgentClaimResult = { type: 'won' } | { type: 'taken'; by: JournalOwner }

/**
 * The adopted agents, and the dead owners whose processes may still run. `entries`, in ascending order: the snapshots of agents and
 * of what is shared, and the facts for which no snapshot stands.
 */
export type AdoptedAgentFacts = {
  owners: readonly JournalOwner[]
  entries: Iterable<StoredFact | StoredSnapshot>
}

/** The owners of a journal: this process and others. */
export type JournalOwners = {
  self: JournalOwner
  /** Makes this owner the only daemon of its version, unless another live owner is. Ends when the owner is deleted. */
  claim(): AgentClaimResult
  /**
   * Takes over the agents of dead or closed owners, in one transaction: of two adopters only one gets an agent. Rows
   * of dead owners stay until `deleteOwners`, and are returned by each `adopt`, so that the nonces of their leftover
   * processes survive a crash.
   */
  adopt(): AdoptedAgentFacts
  /** Deletes dead owners, when none of their processes is left. */
  deleteOwners(owners: readonly JournalOwner[]): void
  /** Replaces the load of this owner, which other owners read. */
  publish(load: unknown): void
  /** The turns and processes (load) that each other live owner of the journal has published. */
  othersLoad(): unknown[]
  /** The other owners of the journal whose processes run. */
  others(): JournalOwner[]
  /** Deletes this owner's row, so that others can adopt its agents. */
  removeSelf(): void
}

/** Whether another owner's process runs, the version of the snapshots that this owner reads, and those that are read already. */
type AdoptionParts = {
  isAlive: (owner: JournalOwner) => boolean
  snapshotVersion: string
  checkedSnapshots: LoadedSnapshots | undefined
}

/** Adds this process to the owners of a journal. `isAlive` is called for other owners only. */
export function registerJournalOwner(
  store: SqliteStore,
  {
    isAlive,
    snapshotVersion: version,
    checkedSnapshots,
    ...entered
  }: Omit<JournalOwner, 'id'> & AdoptionParts,
): JournalOwners {
  const self: JournalOwner = { id: randomUUID(), ...entered }
  const { id } = self
  insertJournalOwner(store, self)
  let loaded = checkedSnapshots
  const snapshotsOf = (agentIds: readonly string[]): readonly LoadedSnapshot[] => {
    const known = readSnapshots(store, { version, loaded }, agentIds)
    // They are old and take memory when agents are taken over again.
    loaded = undefined
    return known
  }
  return {
    self,
    claim: () => claim(store, self, isAlive),
    adopt: () => adopt(store, { self, isAlive, snapshotsOf }),
    deleteOwners: (owners) => deleteOwners(store, owners),
    publish: (load) => {
      store.write(() => store.run('UPDATE owners SET load = ? WHERE id = ?', JSON.stringify(load), id))
    },
    othersLoad: () => {
      const loaded = `SELECT ${columns}, load FROM owners WHERE id <> ? AND load IS NOT NULL`
      const others = store.rows(LoadedOwner, loaded, id)
      return others.filter(isAlive).map(({ load }) => load)
    },
    others: () => store.rows(JournalOwner, `SELECT ${columns} FROM owners WHERE id <> ?`, id).filter(isAlive),
    removeSelf: () => {
      store.write(() => store.run('DELETE FROM owners WHERE id = ?', id))
    },
  }
}

export function insertJournalOwner(store: SqliteStore, self: JournalOwner): void {
  const { id, kind, pid, startTime, place, nonce, version, since } = self
  const fields = [id, kind, pid, startTime, place, nonce, version, since]
  const row = `INSERT OR IGNORE INTO owners (${columns}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
  store.write(() => store.run(row, ...fields, computeRowChecksum(joinRowChecksumText(fields))))
}

function claim(
  store: SqliteStore,
  self: JournalOwner,
  isAlive: (owner: JournalOwner) => boolean,
): AgentClaimResult {
  return store.write(() => {
    const claimants = `SELECT ${columns} FROM owners WHERE claimed = 1 AND version = ? AND id <> ?`
    const by = store.rows(JournalOwner, claimants, self.version, self.id).find(isAlive)
    if (by !== undefined) return { type: 'taken', by }
    store.run('UPDATE owners SET claimed = 1 WHERE id = ?', self.id)
    return { type: 'won' }
  })
}

type SnapshotReader = (agentIds: readonly string[]) => readonly LoadedSnapshot[]

function adopt(
  store: SqliteStore,
  {
    self,
    isAlive,
    snapshotsOf,
  }: Pick<AdoptionParts, 'isAlive'> & { self: JournalOwner; snapshotsOf: SnapshotReader },
): AdoptedAgentFacts {
  // `isAlive` is called before the lock is taken, because it may take long. A dead owner stays dead.
  const others = store.rows(
    JournalOwner,
    `SELECT ${columns} FROM owners WHERE id <> ? ORDER BY since`,
    self.id,
  )
  const owners = others.filter((owner) => !isAlive(owner))
  // Adopting is called often and almost always finds nothing; then it takes no lock.
  const ownerless = store.rows(AgentId, 'SELECT id FROM agents WHERE owner IS NULL LIMIT 1')
  if (owners.length === 0 && ownerless.length === 0) return { owners, entries: [] }
  const taken = store.write(() =>
    store.rows(
      AgentId,
      `UPDATE agents SET owner = ? WHERE owner IS NULL OR owner IN (SELECT value FROM json_each(?)) RETURNING id`,
      self.id,
      idsOf(owners),
    ),
  )
  const agentIds = taken.map(({ id }) => id)
  return { owners, entries: entriesOf(store, snapshotsOf, agentIds) }
}

/** The entries of adopted agents. They are read when they are iterated, so that damage in them does not hide the dead owners. */
function entriesOf(
  store: SqliteStore,
  snapshotsOf: SnapshotReader,
  agentIds: readonly string[],
): AdoptedAgentFacts['entries'] {
  const upTo = readLastFactNumber(store)
  return {
    *[Symbol.iterator]() {
      const snapshots = snapshotsOf(agentIds)
      const ends = new Map(snapshots.map(({ agentId, last }) => [agentId, last]))
      const after = agentIds.map((id) => [id, ends.get(id) ?? 0] as const)
      yield* inOrder(snapshots, iterateFactsOfAgents(store, after, upTo))
    },
  }
}

/** Merges snapshots and facts, each in ascending order. */
function* inOrder(
  snapshots: readonly LoadedSnapshot[],
  facts: Iterable<StoredFact>,
): Iterable<StoredFact | StoredSnapshot> {
  const waiting = [...snapshots].reverse()
  const upTo = function* (end: number): Iterable<StoredSnapshot> {
    while ((waiting.at(-1)?.first ?? Infinity) <= end)
      for (const { first, snapshot } of waiting.splice(-1)) yield { seq: first, snapshot }
  }
  for (const fact of facts) {
    yield* upTo(fact.seq)
    yield fact
  }
  yield* upTo(Number.MAX_SAFE_INTEGER)
}

function deleteOwners(store: SqliteStore, owners: readonly JournalOwner[]): void {
  const gone = 'DELETE FROM owners WHERE id IN (SELECT value FROM json_each(?))'
  store.write(() => store.run(gone, idsOf(owners)))
}

function idsOf(owners: readonly JournalOwner[]): string {
  return JSON.stringify(owners.map(({ id }) => id))
}

/** The SQL columns of an owner, in the order that its checksum covers. */
export const ownerColumns = ['id', 'kind', 'pid', 'startTime', 'place', 'nonce', 'version', 'since'] as const

const columns = ownerColumns.join(', ')

const LoadedOwner = JournalOwner.extend({ load: z.string().transform((text): unknown => JSON.parse(text)) })

const AgentId = z.object({ id: z.string() })
