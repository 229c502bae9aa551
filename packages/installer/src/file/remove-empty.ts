import { rmdirSync } from 'node:fs'
import { isMissing } from './file-error.js'

/** Removes folders that were made for a file, the outer ones first in the list, as far as nobody uses them. */
export function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder)
    } catch (cause) {
      // Mostly it is not empty. Whatever it is, the file is as it should be, and a folder that stays does no harm.
      if (!isMissing(cause)) return
    }
  }
}
