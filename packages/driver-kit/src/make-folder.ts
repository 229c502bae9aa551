import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder that is the user's alone unless `mode` says else, and those above it; one that is there stays as it
 * is. Not by Node's own `recursive`: it tries for ever in a folder in which nothing can be made, as in /proc.
 * @throws what the system says
 */
export function makeFolder(path: string, mode = 0o700): void {
  if (existsSync(path)) return
  makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!existsSync(path)) throw error
  }
}
