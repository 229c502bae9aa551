import { createRequire } from 'node:module'
import { z } from 'zod'

/**
 * SQLite without our journal, through the same native binding: the floor for figures of the journal and the mailbox.
 */
export type BareDatabase = {
  exec(sql: string): unknown
  prepare(sql: string): { run(...values: readonly (string | number)[]): unknown }
  close(): void
}

/** Opens a database file with the settings of the journal. */
export function openBareDatabase(path: string): BareDatabase {
  const database = new Libsql(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = NORMAL')
  return database
}

/** The native SQLite binding, found from the journal because bench itself does not depend on it. */
const Libsql = z
  .custom<new (path: string) => BareDatabase>((value) => typeof value === 'function')
  .parse(createRequire(import.meta.resolve('@subagent-mcp/journal'))('libsql'))
