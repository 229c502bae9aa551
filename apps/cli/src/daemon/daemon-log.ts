import { copyFileSync, fstatSync, renameSync, statSync, truncateSync } from 'node:fs'

/** Where a daemon tells what it does. Never throws: a full disk must not end it. */
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
    process.stderr.write(`${new Date().toISOString()} ${line}\n`)
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
    for (let age = kept; age > 1; age -= 1) renameOlder(`${path}.${age - 1}`, `${path}.${age}`)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  } catch {
    // No room for a copy: it grows on, and the next line tries again.
  }
}

function renameOlder(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to)
}
