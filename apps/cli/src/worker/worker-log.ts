import { makeFolder } from '@subagent-mcp/driver-kit'
import { maskSecrets } from '@subagent-mcp/permissions'
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The path of a worker's log. Older lines are in a second file, whose name ends with `.1`. */
export function workerLogPath(home: string, name: string): string {
  return join(home, 'workers', `${name}.log`)
}

/**
 * Opens a worker's log. Each line gets its time, has secrets masked, and the file is rotated. Never throws, because a full disk
 * must not end a worker.
 */
export function openWorkerLog(path: string, limit = longest): (at: number, text: string) => void {
  return (at, text) => {
    try {
      makeFolder(dirname(path))
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit) renameSync(path, `${path}.1`)
      appendFileSync(path, `${new Date(at).toISOString()} ${maskSecrets(text)}\n`, { mode: 0o600 })
    } catch {
      // The file cannot be written; the same lines are on stderr, too.
    }
  }
}

const longest = 1024 * 1024
