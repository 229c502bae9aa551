import { SubagentError } from '@subagent-mcp/contract'
import Database from 'libsql'
import type { z } from 'zod'
import { createDamagedRowError, createIoFailedError, getIoErrorCode } from './io-failure.js'
import { createWalCheckpoints, mergeStatement, type WalCheckpoints } from './wal-checkpoints.js'
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'

/**
 * One connection to the journal's file or to a database in memory. Errors of the file, the disk or a lock are thrown
 * as `io-failed`.
 * libsql keeps the lock of a statement that was not read completely, and of one that met a lock. So rows are always
 * read completely, and a write waits for its lock in `BEGIN IMMEDIATE`.
 */
export type SqliteStore = {
  path: string
  rows<Row>(schema: z.ZodType<Row>, sql: string, ...values: Value[]): Row[]
  /** Runs one SQL statement with values. Call it only inside `write`. */
  run(sql: string, ...values: Value[]): { changes: number; lastInsertRowid: number | bigint }
  /** Runs SQL. Call it only inside `write`. */
  execute(sql: string): void
  /**
   * Runs `work` in one transaction, undone if `work` throws. Afterwards other processes see the changes. A call within `work` is a
   * part of the same transaction.
   */
  write<Result>(work: () => Result): Result
  /** Returns how the open database files were deleted or replaced, if they were. */
  trouble(): string | undefined
  close(): void
}

type Value = string | number | null

/** Opens the journal's database file. Creates the file and its folder if needed. */
export function openSqliteStore(path: string): SqliteStore {
  const name = `the journal ${path}`
  return rethrowIoFailures(name, () => {
    prepareFile(path)
    const database = new Database(path, { timeout: longestWait })
    try {
      for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`)
      enableSqliteWal(database, longestWait)
    } catch (cause) {
      database.close()
      throw cause
    }
    return storeOf({ path, name }, database, {
      checkpoints: createWalCheckpoints(path, () => void database.prepare(mergeStatement).all()),
      trouble: watchFiles(path),
    })
  })
}

/** Opens an empty journal database in the memory of this process. */
export function openMemorySqliteStore(): SqliteStore {
  return storeOf({ path: ':memory:', name: 'the database in memory' }, new Database(':memory:'), inMemory)
}

/** How long to wait for a lock, in milliseconds. Every transaction here is much shorter. */
const longestWait = 5_000

const pragmas = [
  'auto_vacuum = INCREMENTAL', // before anything is in the file, or it has no effect
  'synchronous = NORMAL', // what is committed survives the process; the end of power may take the last of it
  'foreign_keys = ON',
  // Pages. SQLite merges such a log in the writing thread, which waits for the disk; wal-checkpoints.ts merges earlier.
  'wal_autocheckpoint = 16000',
  `journal_size_limit = ${2 ** 24}`,
]

/** The parts of a store that only a database file has. */
type OnDisk = { checkpoints: WalCheckpoints; trouble: SqliteStore['trouble'] }

const inMemory: OnDisk = {
  checkpoints: { wrote: () => undefined, close: () => undefined },
  trouble: () => undefined,
}

function storeOf(
  { path, name }: { path: string; name: string },
  database: Database.Database,
  { checkpoints, trouble }: OnDisk,
): SqliteStore {
  const prepared = new Map<string, Database.Statement>()
  const prepare = (sql: string): Database.Statement => {
    const statement = prepared.get(sql) ?? database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  let isClosed = false
  const guarded = <Result>(act: () => Result): Result => {
    if (isClosed) throw closedError(name)
    return rethrowIoFailures(name, act)
  }
  const execute = (sql: string): void => {
    guarded(() => database.exec(sql))
  }
  const isWriting = (): boolean => !isClosed && database.inTransaction
  return {
    path,
    // Rows are parsed one by one, because building `z.array(schema)` takes longer than the query.
    rows: (schema, sql, ...values) =>
      guarded(() => prepare(sql).all(values)).map((row) => parsed(name, schema, row)),
    run: (sql, ...values) => guarded(() => prepare(sql).run(values)),
    execute,
    write: (work) => {
      if (isWriting()) return work()
      execute('BEGIN IMMEDIATE')
      try {
        const result = work()
        execute('COMMIT')
        checkpoints.wrote()
        return result
      } finally {
        // On a full disk SQLite has rolled back by itself.
        if (isWriting()) execute('ROLLBACK')
      }
    },
    trouble: () => rethrowIoFailures(name, trouble),
    close: () => {
      isClosed = true
      checkpoints.close()
      prepared.clear()
      database.close()
    },
  }
}

/** The error for a call after `close`, as a timer may make it. libsql itself would abort the process. */
function closedError(name: string): SubagentError {
  return new SubagentError('io-failed', `${name} is closed`, { hint: 'open it again' })
}

function parsed<Row>(name: string, schema: z.ZodType<Row>, row: unknown): Row {
  const read = schema.safeParse(row)
  if (read.success) return read.data
  throw createDamagedRowError(name, read.error)
}

/** Runs `act`, and throws errors of the file, its disk or a lock as `io-failed`. */
export function rethrowIoFailures<Result>(name: string, act: () => Result): Result {
  try {
    return act()
  } catch (cause) {
    throw createIoFailedError(name, cause)
  }
}

/** Creates the file for the user only, which SQLite copies to the files beside it. Folders keep their mode. */
function prepareFile(path: string): void {
  makeFolder(dirname(path))
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    if (getIoErrorCode(cause) !== 'EEXIST') throw cause
    // The mode is set without opening the file, because closing it would release locks of other connections in this process.
    chmodSync(path, 0o600)
  }
}

/** Creates a folder and its parents, without Node's `recursive`, which never returns in a folder like /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    // Another process may have created the folder meanwhile.
    if (!existsSync(path)) throw cause
  }
}

/** Returns a function that tells whether the open database files were deleted, replaced or emptied since. */
function watchFiles(path: string): () => string | undefined {
  const files = [path, `${path}-wal`].map((file) => ({ file, before: statsOf(file) }))
  return () => {
    for (const one of files) {
      const now = statsOf(one.file)
      if (one.before === undefined) one.before = now
      else if (now === undefined) return `${one.file} is gone`
      else if (now.ino !== one.before.ino || now.dev !== one.before.dev) return `${one.file} was replaced`
      else if (now.size === 0 && one.before.size > 0 && one.file === path) return `${one.file} was emptied`
      else one.before = now
    }
    return undefined
  }
}

function statsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

/** Turns on write-ahead logging. SQLite does not wait for this one lock itself, if two processes open a new file. */
export function enableSqliteWal(database: Database.Database, longestWait: number): void {
  const deadline = Date.now() + longestWait
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (cause) {
      if (getIoErrorCode(cause) !== 'SQLITE_BUSY' || Date.now() > deadline) throw cause
      pause(10)
    }
  }
}

/** Blocks the thread for a time, as SQLite's own waits do. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
