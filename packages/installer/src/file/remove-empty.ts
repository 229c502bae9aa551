import { rmdirSync } from 'node:fs'
import { isNoEntry } from './file-error.js'

/** Removes folders that were created for a file, given from the outside in, as far as they are empty. */
export function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder)
    } catch (cause) {
      // Usually the folder is not empty. Whatever the reason is, a folder that stays does no harm.
      if (!isNoEntry(cause)) return
    }
  }
}
