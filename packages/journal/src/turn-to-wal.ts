import type Database from 'libsql'
import { codeOf } from './io-failure.js'

/**
 * Has readers and a writer not wait for each other, from now on in every process. SQLite waits by itself for every lock
 * but this one: two processes may find the same new file.
 */
export function turnToWal(database: Database.Database, longestWait: number): void {
  const deadline = Date.now() + longestWait
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (cause) {
      if (codeOf(cause) !== 'SQLITE_BUSY' || Date.now() > deadline) throw cause
      pause(10)
    }
  }
}

/** Stops the whole thread, as SQLite's own waits do. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
