import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { hasCode, isNoEntry } from './file-error.js'

/** The name of the file that this process writes before it renames it. */
export function temporaryName(path: string): string {
  return `${path}.subagent-mcp-${process.pid}`
}

/** Removes the temporary files of processes that were killed while they wrote this file. */
export function clearTemporary(path: string): void {
  const start = `${basename(path)}.subagent-mcp-`
  for (const name of namesIn(dirname(path))) {
    if (!name.startsWith(start)) continue
    const pid = name.slice(start.length)
    if (/^\d+$/.test(pid) && !isOther(Number(pid))) rmSync(join(dirname(path), name), { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    if (isNoEntry(cause)) return []
    throw cause
  }
}

/** Whether another process has a pid. */
function isOther(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch (cause) {
    // EPERM means that the process exists and belongs to another user.
    return hasCode(cause, 'EPERM')
  }
}
