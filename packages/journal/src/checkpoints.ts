import Database from 'libsql/promise'
import { statSync } from 'node:fs'
import { z } from 'zod'
import { saysDamaged } from './io-failure.js'

/**
 * Merges what was written last into the database, by a connection of its own on a thread of libsql: the event loop does not
 * wait for the disk. It is done when nothing was written for a moment, at the latest after half a minute, and when much
 * has come together. `PASSIVE`: neither a writer nor a reader waits for it.
 */
export type Checkpoints = {
  /** Called after each transaction. */
  wrote(): void
  close(): void
}

const idleMs = 1_000
const longestMs = 30_000
/** Bytes of `-wal`. SQLite itself merges at four times as much, and then in the thread that writes. */
const muchBytes = 4 * 2 ** 20
/** The size of the file is asked for once in so many transactions. */
const looksEvery = 64

/** Begins with the first transaction. A merge that fails is tried again after the next one: what it needs stays there. */
export function checkpointsOf(path: string): Checkpoints {
  let database: Database | undefined
  let timer: NodeJS.Timeout | undefined
  let isRunning = false
  let isClosed = false
  let writes = 0
  let firstWrite = 0
  let lastWrite = 0
  const run = async (): Promise<void> => {
    isRunning = true
    writes = 0
    try {
      database ??= new Database(path, { timeout: 0 })
      await merge(database)
    } catch (cause) {
      // Who reads or writes next meets the same, and says it.
      if (saysDamaged(cause)) isClosed = true
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
    const now = performance.now()
    const due = Math.min(lastWrite + idleMs, firstWrite + longestMs)
    if (now >= due) void run()
    else timer = setTimeout(look, due - now).unref()
  }
  return {
    wrote: () => {
      if (isClosed) return
      lastWrite = performance.now()
      writes += 1
      if (writes === 1) firstWrite = lastWrite
      if (isRunning) return
      if (writes % looksEvery === 0 && sizeOf(`${path}-wal`) > muchBytes) void run()
      else if (writes === 1) look()
    },
    close: () => {
      isClosed = true
      end()
    },
  }
}

/** Read to its end: a statement of libsql that is not keeps its lock, and here it would not even begin. */
async function merge(database: Database): Promise<void> {
  const statement = Statement.parse(await database.prepare('PRAGMA wal_checkpoint(PASSIVE)'))
  await statement.all()
}

/** libsql gives no types for it. */
const Statement = z.custom<{ all(): Promise<unknown> }>(
  (value) => typeof value === 'object' && value !== null,
)

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
