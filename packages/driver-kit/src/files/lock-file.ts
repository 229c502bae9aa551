import { SubagentError } from '@subagent-mcp/contract'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pidExists } from '../processes/start-time.js'
import { createFolderWithParents } from './make-folder.js'

/**
 * Runs work of some milliseconds while no other process holds the lock file; waits up to about ten seconds for it.
 * @throws SubagentError `io-failed` when others keep the lock
 */
export function withLockFile<Result>(path: string, work: () => Result): Result {
  createFolderWithParents(dirname(path))
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (takeLockFile(path)) {
      try {
        return work()
      } finally {
        releaseLockFile(path)
      }
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
  }
  throw new SubagentError('io-failed', `others keep ${path}`, { hint: 'run it again' })
}

const retryMs = 10

/** The most tries to take a lock file: ten seconds, because a disk may be slow. */
const mostTries = 1_000

/** A lock that is older was left behind, whichever process has its pid now. */
const oldAfterMs = 30_000

/**
 * Tries to take a lock file for this process. A lock of a dead process, or one older than `oldAfter` milliseconds, is
 * taken over. @throws the system's error
 */
export function takeLockFile(path: string, oldAfter = oldAfterMs): boolean {
  if (isAbandoned(path, oldAfter)) rmSync(path, { force: true })
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    // On a full disk the file was created and not written.
    rmSync(path, { force: true })
    throw error
  }
}

export function releaseLockFile(path: string): void {
  if (readLockHolderPid(path) === process.pid) rmSync(path, { force: true })
}

/** The pid in a lock file. Undefined when there is no file, and in the moment between its creation and its content. */
export function readLockHolderPid(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch {
    return undefined // The lock file was removed in this moment.
  }
}

function isAbandoned(path: string, oldAfter: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return false
  return Math.abs(Date.now() - stats.mtimeMs) > oldAfter || !mayHold(readLockHolderPid(path))
}

/** Whether the process with a pid may hold its lock file. A file without a pid was created in this moment. */
function mayHold(pid: number | undefined): boolean {
  return pid === undefined || pidExists(pid)
}
