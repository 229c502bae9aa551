import { SubagentError } from '@subagent-mcp/contract'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { chmod, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a text can be the id of a worktree, and so the name of its folder. */
export function isWorktreeId(id: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(id)
}

/** The beginning of the names of folders that are being deleted. A process id is at their end. */
export const trashFolderPrefix = '.trash.'

/** Deletes a worktree: its folder, and its bundle. @throws SubagentError `io-failed` */
export async function deleteWorktree(store: string, id: string): Promise<void> {
  if (!isWorktreeId(id)) return
  for (const name of [`${id}.bundle`, `${id}.packed.json`]) rmSync(join(store, name), { force: true })
  await deleteWorktreeFolder(store, id)
}

/**
 * Deletes the folder of a worktree. It is renamed first, so that a killed process leaves no half of it.
 * @throws SubagentError `io-failed`
 */
export async function deleteWorktreeFolder(store: string, id: string): Promise<void> {
  const folder = join(store, id)
  if (!existsSync(folder)) return
  const trash = join(store, `${trashFolderPrefix}${id}.${process.pid}`)
  await deleteFolderTree(trash)
  renameSync(folder, trash)
  await deleteFolderTree(trash)
}

/** Deletes a folder, also where folders in it are read-only. Links are not followed. @throws SubagentError `io-failed` */
export async function deleteFolderTree(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 2 }
  try {
    await rm(path, options)
  } catch {
    try {
      await makeWritable(path)
      await rm(path, options)
    } catch (cause) {
      throw new SubagentError('io-failed', `${path} cannot be deleted`, { hint: 'delete it yourself', cause })
    }
  }
}

async function makeWritable(folder: string): Promise<void> {
  if (!(await lstat(folder)).isDirectory()) return
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name))
}
