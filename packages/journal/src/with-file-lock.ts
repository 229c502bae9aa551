import Database from 'libsql'
import { guard } from './store.js'

/**
 * Does something while no other process does it. The lock is one of SQLite's on a file of its own, so it ends with the
 * process that has it. Waits for a minute at most. @throws SubagentError `io-failed`
 */
export function withFileLock<Result>(path: string, act: () => Result): Result {
  const lock = guard(path, () => new Database(path, { timeout: longestWait }))
  try {
    guard(path, () => lock.exec('BEGIN EXCLUSIVE'))
    return act()
  } finally {
    // libsql may keep a connection that was closed.
    if (lock.inTransaction) lock.exec('ROLLBACK')
    lock.close()
  }
}

const longestWait = 60_000
