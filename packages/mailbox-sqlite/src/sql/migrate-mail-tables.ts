import { SubagentError } from '@subagent-mcp/contract'
import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import { mailTallyTablesSql } from './mail-tallies.js'

/**
 * The migrations of the tables; their number is the format of this version. A step only adds, because another version may
 * have the file open; a released step never changes.
 *
 * A queue has the unhandled messages of an agent in one thread. It is blocked while an earlier message is held or waits
 * for its next try, so a take reads only messages that it can take. `body` is the last column, which a scan skips.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE mailAgents (
    name TEXT PRIMARY KEY,
    project TEXT NOT NULL DEFAULT '',
    provider TEXT,
    capabilities TEXT NOT NULL DEFAULT '[]',
    topics TEXT NOT NULL DEFAULT '[]',
    wakes TEXT NOT NULL DEFAULT 'high',
    lastSeenAt INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE mailHandlers (
    instance TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    kind TEXT NOT NULL,
    pid INTEGER NOT NULL,
    startTime TEXT NOT NULL,
    host TEXT NOT NULL,
    keeper TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mailHandlersByAgent ON mailHandlers (agent);

  CREATE TABLE mailMessages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL,
    kind TEXT NOT NULL,
    sender TEXT NOT NULL,
    senderHost TEXT NOT NULL,
    through TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sentAt INTEGER NOT NULL,
    expectsReply INTEGER NOT NULL,
    replyTo TEXT,
    topic TEXT,
    severity TEXT,
    wakes INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting',
    finished INTEGER NOT NULL DEFAULT 0,
    since INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    dueAt INTEGER NOT NULL DEFAULT 0,
    holder TEXT,
    take TEXT,
    until INTEGER,
    failure TEXT,
    repliedBy TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mailInbox ON mailMessages (recipient, seq, kind) WHERE finished = 0;
  CREATE INDEX mailQueued ON mailMessages (recipient, thread, seq) WHERE finished = 0;
  CREATE INDEX mailHeld ON mailMessages (recipient, until) WHERE status = 'held';
  CREATE INDEX mailHolders ON mailMessages (holder) WHERE status = 'held';
  CREATE INDEX mailTakes ON mailMessages (take) WHERE take IS NOT NULL;
  CREATE INDEX mailDead ON mailMessages (recipient, seq) WHERE status = 'dead';
  CREATE INDEX mailThreads ON mailMessages (thread, seq, sender, recipient);

  CREATE TABLE mailQueues (
    recipient TEXT NOT NULL,
    thread TEXT NOT NULL,
    head INTEGER NOT NULL,
    blockedUntil INTEGER,
    PRIMARY KEY (recipient, thread)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mailReady ON mailQueues (recipient, head) WHERE blockedUntil IS NULL;
  CREATE INDEX mailBlocked ON mailQueues (recipient, blockedUntil) WHERE blockedUntil IS NOT NULL;

  CREATE TABLE mailKeys (
    sender TEXT NOT NULL,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (sender, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mailKeysByAge ON mailKeys (at);
  `,
  `
  CREATE INDEX mailQuiet ON mailMessages (recipient, seq) WHERE finished = 0 AND wakes = 0;
  CREATE INDEX mailWork ON mailMessages (recipient, seq) WHERE status = 'waiting' AND wakes = 1;
  CREATE INDEX mailDeadByAge ON mailMessages (since) WHERE status = 'dead';
  CREATE INDEX mailDeadOfAgent ON mailMessages (recipient, since) WHERE status = 'dead';
  ${mailTallyTablesSql}`,
  `ALTER TABLE mailMessages ADD COLUMN model TEXT`,
]

/** Migrates the tables to this version's format. @throws SubagentError `io-failed` for a newer format */
export function migrateMailTables(store: SqliteStore): void {
  if (formatOf(store) < steps.length) store.write(() => takeSteps(store))
  const format = formatOf(store)
  if (format === steps.length) return
  const found = `has mail of format ${format}; this version knows up to ${steps.length}`
  throw new SubagentError('io-failed', `the journal ${store.path} ${found}`, {
    hint: 'update subagent-mcp, or set SUBAGENT_MCP_HOME to another folder',
  })
}

/** Runs the missing migrations. Needs a transaction, because another process may migrate at the same time. */
function takeSteps(store: SqliteStore): void {
  const format = formatOf(store)
  for (const step of steps.slice(format)) store.execute(step)
  if (format === 0) {
    store.execute('CREATE TABLE mailFormat (format INTEGER NOT NULL, at INTEGER NOT NULL) STRICT')
    store.run('INSERT INTO mailFormat VALUES (0, 0)')
  }
  if (format < steps.length) store.run('UPDATE mailFormat SET format = ?', steps.length)
}

function formatOf(store: SqliteStore): number {
  const there = "SELECT name FROM sqlite_schema WHERE name = 'mailFormat'"
  if (store.rows(z.unknown(), there).length === 0) return 0
  return store.rows(Format, 'SELECT format FROM mailFormat')[0]?.format ?? 0
}

const Format = z.object({ format: z.number() })
