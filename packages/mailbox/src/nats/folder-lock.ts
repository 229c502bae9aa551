import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SubagentError } from '@subagent-mcp/contract'
import { openMemoryStore, openStore } from '@subagent-mcp/journal'
import { isHeldFailure } from './file-failure.js'

/** Has a folder for this process alone until it is released, or the process ends in whatever way. */
export type FolderLock = { release(): void }

/**
 * Undefined while another process has it: nobody waits. It is SQLite's lock of a file that has nothing in it, which the
 * system gives up with its process. Only by `execute`: a prepared statement keeps a closed database, and so its lock,
 * until memory is collected; for the same reason the copies’ own files could not be opened again if they were locked.
 *
 * @throws SubagentError `io-failed`
 */
export function lockFolder(folder: string): FolderLock | undefined {
  const path = join(folder, 'lock.db')
  if (isHeld(path)) return undefined
  const store = openStore(path)
  try {
    store.execute('PRAGMA busy_timeout = 100') // who only asks lets go at once
    store.execute('PRAGMA locking_mode = EXCLUSIVE')
    store.execute('BEGIN IMMEDIATE; COMMIT') // takes the lock, which then stays
    return { release: store.close }
  } catch (cause) {
    store.close()
    if (cause instanceof SubagentError && isHeldFailure(cause)) return undefined
    throw cause
  }
}

/** To open a file that is locked would stop this process for seconds. What else is wrong with it shows then. */
function isHeld(path: string): boolean {
  if (!existsSync(path)) return false
  const store = openMemoryStore()
  try {
    store.execute('PRAGMA busy_timeout = 0')
    store.execute(`ATTACH DATABASE '${path.replaceAll("'", "''")}' AS asked`)
    store.execute('SELECT count(*) FROM asked.sqlite_schema')
    return false
  } catch (cause) {
    return isHeldFailure(cause)
  } finally {
    store.close()
  }
}
