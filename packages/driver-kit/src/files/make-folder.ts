import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a folder and missing parents, by default for this user only; an existing folder keeps its mode. Node's own
 * `recursive` is not used, because it never returns in a folder that takes no entries, such as /proc.
 * @throws the system's error
 */
export function createFolderWithParents(path: string, mode = 0o700): void {
  if (existsSync(path)) return
  createFolderWithParents(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!existsSync(path)) throw error
  }
}

/** Removes a folder with its content. A folder that cannot be removed stays, because it must not keep a session from ending. */
export function removeFolderIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // On Windows a file that another process holds open cannot be removed.
  }
}
