import { createRequire } from 'node:module'
import { z } from 'zod'

/** SQLite by hand, by the very binding that the journal uses. */
export type BareDatabase = {
  exec(sql: string): unknown
  prepare(sql: string): { run(...values: readonly (string | number)[]): unknown }
  close(): void
}

/** Opens a file as the journal does. */
export function openBareDatabase(path: string): BareDatabase {
  const database = new Libsql(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = NORMAL')
  return database
}

/** Nothing else here needs it. */
const Libsql = z
  .custom<new (path: string) => BareDatabase>((value) => typeof value === 'function')
  .parse(createRequire(import.meta.resolve('@subagent-mcp/journal'))('libsql'))
