import { SubagentError } from '@subagent-mcp/contract'
import { chmodSync, existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a text can be the id of a worktree, and so the name of its folder. */
export function isWorktreeId(id: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(id)
}

/** The beginning of the names of folders that are being deleted. A process id is at their end. */
export const trashPrefix = '.trash.'

/** Deletes a worktree: its folder, and its bundle. @throws SubagentError `io-failed` */
export function discardWorktree(store: string, id: string): void {
  if (!isWorktreeId(id)) return
  for (const name of [`${id}.bundle`, `${id}.packed.json`]) rmSync(join(store, name), { force: true })
  discardCopy(store, id)
}

/**
 * Deletes the folder of a worktree. It is renamed first, so that a killed process leaves no half of it.
 * @throws SubagentError `io-failed`
 */
export function discardCopy(store: string, id: string): void {
  const folder = join(store, id)
  if (!existsSync(folder)) return
  const trash = join(store, `${trashPrefix}${id}.${process.pid}`)
  deleteFolder(trash)
  renameSync(folder, trash)
  deleteFolder(trash)
}

/** Deletes a folder, also where folders in it are read-only. Links are not followed. @throws SubagentError `io-failed` */
export function deleteFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    makeWritable(path)
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 2 })
    } catch (cause) {
      throw new SubagentError('io-failed', `${path} cannot be deleted`, { hint: 'delete it yourself', cause })
    }
  }
}

function makeWritable(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name))
}
