import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { maskSecrets } from '@subagent-mcp/permissions'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  fstatSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Writes one line to the daemon's log, with secrets masked. Never throws, because a full disk must not end the daemon. */
export type DaemonLog = (line: string) => void

const longest = 5 * 1024 * 1024
const kept = 3

/**
 * Opens the log on stderr. For a daemon in the background stderr is the file at `path`, so that the file also contains a crash
 * report of Node itself. The file is rotated at 5 MB; older files are `path.1` to `path.3`.
 */
export function openDaemonLog(path: string, limit = longest): DaemonLog {
  // A closed stderr or a full disk must not crash the daemon.
  process.stderr.on('error', () => undefined)
  const isFile = writesTo(path)
  return (line) => {
    if (isFile) keepSmall(path, limit)
    process.stderr.write(`${new Date().toISOString()} ${maskSecrets(line)}\n`)
  }
}

/** Opens the log on the file at a path, for a daemon whose stderr belongs to a service manager. */
export function openFileLog(path: string, limit = longest): DaemonLog {
  let isMade = false
  return (line) => {
    try {
      if (!isMade) createFolderWithParents(dirname(path))
      // A deleted folder is not created again.
      else if (!existsSync(dirname(path))) process.stderr.write(`${line}\n`)
      isMade = true
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit) {
        makeRoom(path)
        renameOlder(path, `${path}.1`)
      }
      appendFileSync(path, `${new Date().toISOString()} ${maskSecrets(line)}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not end the daemon.
    }
  }
}

function writesTo(path: string): boolean {
  const [stderr, file] = [fstatSync(2), statSync(path, { throwIfNoEntry: false })]
  return file !== undefined && stderr.ino === file.ino && stderr.dev === file.dev
}

/** Shrinks the log file: copies it and empties it instead of renaming it, because stderr stays open on it. */
function keepSmall(path: string, limit: number): void {
  if (fstatSync(2).size < limit) return
  try {
    makeRoom(path)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  } catch {
    // The disk has no room for a copy of the log. The log file keeps growing, and the next line tries to shrink the file again.
  }
}

function makeRoom(path: string): void {
  for (let age = kept; age > 1; age -= 1) renameOlder(`${path}.${age - 1}`, `${path}.${age}`)
}

function renameOlder(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to)
}
