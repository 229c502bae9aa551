import { readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { hashOf } from './file-record.js'
import { isNoEntry, orFail } from './file-error.js'
import { isStill, replaceFile } from './replace-file.js'

/** Keeps bytes in a folder under their hash, readable by the user alone. The same bytes are kept once. */
export function backUp(folder: string, original: { path: string; bytes: Uint8Array }): string {
  const { path, bytes } = original
  const backup = join(folder, `${hashOf(bytes).slice(0, 16)}-${basename(path)}`)
  return orFail(`back up ${path}`, () => {
    if (isStill(backup, bytes)) return backup
    rmSync(backup, { force: true })
    replaceFile({ path: backup, before: undefined, after: bytes })
    return backup
  })
}

/** The bytes of a backup; undefined when the file is missing or has other bytes. */
export function readBackup(path: string, hash: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    return hashOf(bytes) === hash ? bytes : undefined
  } catch (cause) {
    if (isNoEntry(cause)) return undefined
    throw cause
  }
}
