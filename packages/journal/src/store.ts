import Database from 'libsql'
import type { z } from 'zod'
import { damagedRow, ioFailure } from './io-failure.js'
import { checkpointsOf, type Checkpoints } from './checkpoints.js'
import { prepareFile } from './prepare-file.js'
import { watchFiles } from './whereabouts.js'
import { turnToWal } from './turn-to-wal.js'

/**
 * One connection to the journal's file, or to a database in memory. What the file, its disk or a lock does wrong is thrown as `io-failed`.
 *
 * libsql keeps the lock of a statement that was not read to its end, and of one that met a lock itself. So rows are
 * always read to the end, and a write waits for its lock in `BEGIN IMMEDIATE`, where nothing else can meet one.
 */
export type Store = {
  path: string
  rows<Row>(schema: z.ZodType<Row>, sql: string, ...values: Value[]): Row[]
  /** Only inside `write`. */
  run(sql: string, ...values: Value[]): { changes: number; lastInsertRowid: number | bigint }
  /** Only inside `write`. */
  execute(sql: string): void
  /** All that `work` writes, or nothing when it throws. On the disk for every other process when it returns. */
  write<Result>(work: () => Result): Result
  /** What has become of the files, when they are not those any more that are open here. Thrown where they cannot be looked at. */
  trouble(): string | undefined
  close(): void
}

type Value = string | number | null

/** Opens the file, which is made where there is none, in a folder that is made where there is none. */
export function openStore(path: string): Store {
  const name = `the journal ${path}`
  return guard(name, () => {
    prepareFile(path)
    const database = new Database(path, { timeout: longestWait })
    try {
      for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`)
      turnToWal(database, longestWait)
    } catch (cause) {
      database.close()
      throw cause
    }
    return storeOf({ path, name }, database, { checkpoints: checkpointsOf(path), trouble: watchFiles(path) })
  })
}

/** An empty database of this process alone, gone when it is closed. */
export function openMemoryStore(): Store {
  return storeOf({ path: ':memory:', name: 'the database in memory' }, new Database(':memory:'), inMemory)
}

/** How long a lock is waited for, in milliseconds. Every transaction here is much shorter. */
const longestWait = 5_000

const pragmas = [
  'auto_vacuum = INCREMENTAL', // before anything is in the file, or it has no effect
  'synchronous = NORMAL', // what is committed survives the process; the end of power may take the last of it
  'foreign_keys = ON',
  'wal_autocheckpoint = 4000', // pages: to merge what was written waits for the disk, so not too often
  `journal_size_limit = ${2 ** 24}`,
]

/** What only a file has. */
type OnDisk = { checkpoints: Checkpoints; trouble: Store['trouble'] }

const inMemory: OnDisk = {
  checkpoints: { wrote: () => undefined, close: () => undefined },
  trouble: () => undefined,
}

function storeOf(
  { path, name }: { path: string; name: string },
  database: Database.Database,
  { checkpoints, trouble }: OnDisk,
): Store {
  const prepared = new Map<string, Database.Statement>()
  const prepare = (sql: string): Database.Statement => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  const execute = (sql: string): void => {
    guard(name, () => database.exec(sql))
  }
  return {
    path,
    // Row by row: to make `z.array(schema)` anew takes longer than the query.
    rows: (schema, sql, ...values) =>
      guard(name, () => prepare(sql).all(values)).map((row) => parsed(name, schema, row)),
    run: (sql, ...values) => guard(name, () => prepare(sql).run(values)),
    execute,
    write: (work) => {
      execute('BEGIN IMMEDIATE')
      try {
        const result = work()
        execute('COMMIT')
        checkpoints.wrote()
        return result
      } finally {
        // SQLite has rolled back by itself when the disk was full.
        if (database.inTransaction) execute('ROLLBACK')
      }
    },
    trouble: () => guard(name, trouble),
    close: () => {
      checkpoints.close()
      prepared.clear()
      database.close()
    },
  }
}

function parsed<Row>(name: string, schema: z.ZodType<Row>, row: unknown): Row {
  const read = schema.safeParse(row)
  if (read.success) return read.data
  throw damagedRow(name, read.error)
}

/** Throws what the file, its disk or a lock does wrong as `io-failed`. */
export function guard<Result>(name: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    throw ioFailure(name, cause)
  }
}
