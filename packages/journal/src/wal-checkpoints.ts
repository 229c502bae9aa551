import Database from 'libsql/promise'
import { statSync } from 'node:fs'
import { z } from 'zod'
import { isDatabaseDamageError } from './io-failure.js'

/**
 * Merges the write-ahead log (`-wal`) into the database, over a connection of its own on a thread of libsql, so that
 * the event loop does not wait for the disk. It runs when nothing was written for a second, after 30 s at the latest, and
 * every second while the file of the log has more than 4 MB. The `PASSIVE` mode blocks neither readers nor writers.
 *
 * While facts are written without a pause, such a merge never reaches the end of the log, and SQLite restarts a log only after its end was
 * merged. So the writing connection merges the last part of a long log: what was written during the merge.
 */
export type WalCheckpoints = {
  /** Called after each transaction, so that the write-ahead log is merged later. */
  wrote(): void
  close(): void
}

const idleMs = 1_000
const longestMs = 30_000
/** Bytes of the write-ahead log that start a merge. SQLite itself merges later, in the writing thread. */
const muchBytes = 4 * 2 ** 20
/** A write-ahead log with more bytes than this is merged to its end, so that SQLite restarts it. */
const longBytes = 32 * 2 ** 20
/** The size of the write-ahead log is checked once in this many transactions. */
const looksEvery = 64

/** The merging starts with the first transaction. A failed merge is retried later. `mergeRest` merges over the writing connection. */
export function createWalCheckpoints(path: string, mergeRest: () => void): WalCheckpoints {
  let database: Database | undefined
  let timer: NodeJS.Timeout | undefined
  let isRunning = false
  let isClosed = false
  let writes = 0
  let [firstWrite, lastWrite] = [0, 0]
  const run = async (): Promise<void> => {
    isRunning = true
    writes = 0
    try {
      database ??= new Database(path, { timeout: 0 })
      await mergeLog(database, path, () => {
        if (!isClosed) mergeRest()
      })
    } catch (cause) {
      // The next read or write meets the same error, and its caller gets it.
      if (isDatabaseDamageError(cause)) isClosed = true
    }
    isRunning = false
    if (isClosed) end()
    else if (writes > 0) look()
  }
  const end = (): void => {
    clearTimeout(timer)
    if (!isRunning) database?.close()
  }
  const look = (): void => {
    clearTimeout(timer)
    const left = Math.min(lastWrite + idleMs, firstWrite + longestMs) - performance.now()
    if (left <= 0) void run()
    else timer = setTimeout(look, left).unref()
  }
  return {
    wrote: () => {
      if (isClosed) return
      lastWrite = performance.now()
      writes += 1
      if (writes === 1) firstWrite = lastWrite
      if (isRunning) return
      const isDue = writes % looksEvery === 0 && lastWrite - firstWrite > idleMs
      if (isDue && sizeOf(`${path}-wal`) > muchBytes) void run()
      else if (writes === 1) look()
    },
    close: () => {
      isClosed = true
      end()
    },
  }
}

/** Merges as much of the write-ahead log as it can without waiting for readers or writers. */
export const mergeStatement = 'PRAGMA wal_checkpoint(PASSIVE)'

/**
 * Merges the log, and a long one to its end. The event loop waits for what is written during a second, short merge: a few milliseconds. For
 * what is written during the first it would wait up to 90.
 */
async function mergeLog(database: Database, path: string, mergeRest: () => void): Promise<void> {
  await merge(database)
  if (sizeOf(`${path}-wal`) <= longBytes) return
  await merge(database)
  mergeRest()
}

/** Reads all rows, because an unfinished libsql statement keeps its lock. */
async function merge(database: Database): Promise<void> {
  const statement = Statement.parse(await database.prepare(mergeStatement))
  await statement.all()
}

/** A statement of libsql's promise API, which has no types. */
const Statement = z.custom<{ all(): Promise<unknown> }>(
  (value) => typeof value === 'object' && value !== null,
)

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
