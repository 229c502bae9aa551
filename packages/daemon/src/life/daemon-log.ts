import { makeFolder } from '@subagent-mcp/driver-kit'
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

/** Where a daemon tells what it does, with secrets masked. Never throws: a full disk must not end it. */
export type DaemonLog = (line: string) => void

const longest = 5 * 1024 * 1024
const kept = 3

/**
 * A line a word, with its time, on stderr: where a daemon was started in the background that is the file at `path`, and
 * what node says when it crashes is there too. The file is kept small; older ones are beside it, as `path.1`.
 */
export function openDaemonLog(path: string, limit = longest): DaemonLog {
  // Who closed it, or has no room, does not want to hear.
  process.stderr.on('error', () => undefined)
  const isFile = writesTo(path)
  return (line) => {
    if (isFile) keepSmall(path, limit)
    process.stderr.write(`${new Date().toISOString()} ${maskSecrets(line)}\n`)
  }
}

/** The same, where stderr is somebody else's, as the system's that runs us as a service. */
export function openFileLog(path: string, limit = longest): DaemonLog {
  let isMade = false
  return (line) => {
    try {
      if (!isMade) makeFolder(dirname(path))
      // A folder that was deleted since is not made again.
      else if (!existsSync(dirname(path))) process.stderr.write(`${line}\n`)
      isMade = true
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit) {
        makeRoom(path)
        renameOlder(path, `${path}.1`)
      }
      appendFileSync(path, `${new Date().toISOString()} ${maskSecrets(line)}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not end it.
    }
  }
}

function writesTo(path: string): boolean {
  const [stderr, file] = [fstatSync(2), statSync(path, { throwIfNoEntry: false })]
  return file !== undefined && stderr.ino === file.ino && stderr.dev === file.dev
}

/** Copied and emptied, not renamed: our stderr goes on into the same file. */
function keepSmall(path: string, limit: number): void {
  if (fstatSync(2).size < limit) return
  try {
    makeRoom(path)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  } catch {
    // No room for a copy: it grows on, and the next line tries again.
  }
}

function makeRoom(path: string): void {
  for (let age = kept; age > 1; age -= 1) renameOlder(`${path}.${age - 1}`, `${path}.${age}`)
}

function renameOlder(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to)
}
