import { rmSync } from 'node:fs'

/** Removes a folder with its content. A folder that cannot be removed stays, because it must not keep a session from ending. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // On Windows a file that another process holds open cannot be removed.
  }
}
