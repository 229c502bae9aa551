import { SubagentError } from '@subagent-mcp/contract'
import { z } from 'zod'
import { openMemorySqliteStore, type SqliteStore } from './sqlite-store.js'

/**
 * The steps from each format to the next; their number is this version's format. A step only adds, and is never
 * changed once released, because an older daemon may have the file open during an upgrade.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE owners (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    pid INTEGER NOT NULL,
    startTime TEXT NOT NULL,
    place TEXT NOT NULL,
    nonce TEXT NOT NULL,
    version TEXT NOT NULL,
    since INTEGER NOT NULL,
    claimed INTEGER NOT NULL DEFAULT 0,
    load TEXT
  ) STRICT;

  CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    owner TEXT REFERENCES owners ON DELETE SET NULL
  ) STRICT;
  CREATE INDEX agentsByOwner ON agents (owner);

  CREATE TABLE facts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    agentId TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
    type TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX factsByAgent ON facts (agentId);
  `,
  // Without a reference to agents: the audit log stays when they are deleted.
  `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    agentId TEXT NOT NULL,
    routine INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recordsByAgent ON records (agentId);
  `,
  // Rows that older daemons wrote have no checksum.
  `
  ALTER TABLE facts ADD COLUMN checksum INTEGER;
  ALTER TABLE owners ADD COLUMN checksum INTEGER;
  `,
  // Without a reference to agents: what their turns used stays when they are deleted.
  `
  CREATE TABLE usage (
    agentId TEXT NOT NULL,
    launchedAt INTEGER NOT NULL,
    day TEXT NOT NULL,
    provider TEXT NOT NULL,
    account TEXT NOT NULL,
    model TEXT NOT NULL,
    name TEXT NOT NULL,
    project TEXT NOT NULL,
    definition TEXT NOT NULL,
    turns INTEGER NOT NULL,
    turnMs INTEGER NOT NULL,
    inputTokens INTEGER NOT NULL,
    inputTokensTurns INTEGER NOT NULL,
    cachedInputTokens INTEGER NOT NULL,
    cachedInputTokensTurns INTEGER NOT NULL,
    outputTokens INTEGER NOT NULL,
    outputTokensTurns INTEGER NOT NULL,
    costUsd REAL NOT NULL,
    costUsdTurns INTEGER NOT NULL,
    PRIMARY KEY (agentId, launchedAt, day, provider, model)
  ) STRICT;
  `,
  // Derived from facts: a start may find them missing, damaged or of another version.
  `
  CREATE TABLE snapshots (
    agentId TEXT PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    version TEXT NOT NULL,
    body TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sharedSnapshot (
    version TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
  `,
]

/** Upgrades the journal's file to this format, each step in one transaction. @throws SubagentError for a newer one */
export function migrateJournal(store: SqliteStore): void {
  while (readJournalFormat(store.rows) < migrations.length) {
    store.write(() => {
      const format = readJournalFormat(store.rows) // another process may have been first
      const step = migrations[format]
      if (step !== undefined) store.execute(`${step}; PRAGMA user_version = ${format + 1}`)
    })
  }
  const format = readJournalFormat(store.rows)
  if (format === migrations.length) return
  const found = `has format ${format}; this version knows up to ${migrations.length}`
  throw new SubagentError('io-failed', `the journal ${store.path} ${found}`, {
    hint: 'update subagent-mcp, or set SUBAGENT_MCP_HOME to another folder',
  })
}

/** The SQL of each table and index of a journal's format, by name. */
export function getJournalSchema(format: number): ReadonlyMap<string, string> {
  const store = openMemorySqliteStore()
  try {
    store.write(() => {
      for (const step of migrations.slice(0, format)) store.execute(step)
    })
    const shape = 'SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL'
    return new Map(store.rows(Shape, shape).map(({ name, sql }) => [name, sql]))
  } finally {
    store.close()
  }
}

export const newestJournalFormat = migrations.length

/** The first format of the journal that has checksums. */
export const firstChecksumFormat = 3

/** The number of a journal file's format; 0 for a new file. */
export function readJournalFormat(rows: SqliteStore['rows']): number {
  return rows(Format, 'PRAGMA user_version')[0]?.user_version ?? 0
}

const Shape = z.object({ name: z.string(), sql: z.string() })

const Format = z.object({ user_version: z.number() })
