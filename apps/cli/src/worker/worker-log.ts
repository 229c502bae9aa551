import { makeFolder } from '@subagent-mcp/driver-kit'
import { maskSecrets } from '@subagent-mcp/permissions'
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where the worker of a name tells what it does: the older half is beside it, as `….1`. */
export function workerLogPath(home: string, name: string): string {
  return join(home, 'workers', `${name}.log`)
}

/** Adds lines, each with its time and its secrets masked, and keeps the file small. Never throws: a full disk must not end a worker. */
export function openWorkerLog(path: string, limit = longest): (at: number, text: string) => void {
  return (at, text) => {
    try {
      makeFolder(dirname(path))
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit) renameSync(path, `${path}.1`)
      appendFileSync(path, `${new Date(at).toISOString()} ${maskSecrets(text)}\n`, { mode: 0o600 })
    } catch {
      // No room for it, or no right: what it says is on stderr too.
    }
  }
}

const longest = 1024 * 1024
