import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { backUp } from './back-up.js'
import { hashOf, type FileRecord } from './file-record.js'
import type { TextFile } from './read-text.js'
import { removeEmpty } from './remove-empty.js'
import { isStill, replaceFile } from './replace-file.js'
import type { TakeOut } from './take-out.js'

/** A file as it was read, and its new text. */
export type ChangeOfFile = {
  file: Exclude<TextFile, { type: 'refused' }>
  after: string
  takeOut: TakeOut
  /** The folder for the old bytes. */
  backups: string
  /** The mode of a new file. Default: 0600. */
  mode?: number
  /** Keeps the record. The file is written after this returns, so the record must be on the disk then. */
  save: (record: FileRecord) => void
  /** Drops the record again, because the file was not written. */
  drop?: (record: FileRecord) => void
}

/**
 * Backs a file up, records the change and replaces the file, in this order. If the process is killed at any moment, the
 * file is the old or the new one, and an existing record undoes the change.
 * @throws SubagentError `io-failed`
 */
export function changeFile(change: ChangeOfFile): 'replaced' | 'changed-meanwhile' {
  const { file, backups, takeOut } = change
  const after = Buffer.from(change.after)
  const before: FileRecord['before'] =
    file.type === 'absent'
      ? { type: 'absent', folders: missingFolders(dirname(file.realPath)) }
      : { type: 'text', hash: hashOf(file.bytes), backup: backUp(backups, file) }
  const record: FileRecord = { path: file.path, before, after: hashOf(after), takeOut }
  const old = file.type === 'absent' ? undefined : file.bytes
  change.save(record)
  try {
    const { path } = file
    const mode = change.mode === undefined ? {} : { mode: change.mode }
    const done = replaceFile({ path, before: old, after, ...mode })
    if (done === 'changed-meanwhile') forget(record, change)
    return done
  } catch (cause) {
    if (isAsBefore(file.realPath, old)) forget(record, change)
    throw cause
  }
}

function forget(record: FileRecord, { drop }: ChangeOfFile): void {
  if (record.before.type === 'absent') removeEmpty(record.before.folders)
  drop?.(record)
}

/** A superfluous record is harmless, because it has nothing to undo. Without a needed one the change could never be undone. */
function isAsBefore(path: string, bytes: Uint8Array | undefined): boolean {
  try {
    return isStill(path, bytes)
  } catch {
    return false // The file cannot be read, so it counts as changed.
  }
}

function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder]
}
