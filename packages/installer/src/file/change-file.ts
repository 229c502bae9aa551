import { existsSync, readFileSync, rmSync, rmdirSync } from 'node:fs'
import { dirname, basename, join } from 'node:path'
import { hashOf, type FileRecord, type TakeOut } from './file-record.js'
import type { TextFile } from './read-text.js'
import { hasSameBytes, replaceFile } from './replace-file.js'
import { isNoEntry, withIoError } from './file-error.js'

/** A file of others to change: as it was read, and its new text. */
export type ChangeOfFile = {
  file: Exclude<TextFile, { type: 'refused' }>
  after: string
  takeOut: TakeOut
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
      : { type: 'text', hash: hashOf(file.bytes), backup: backUpBytes(backups, file) }
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
  if (record.before.type === 'absent') removeEmptyFolders(record.before.folders)
  drop?.(record)
}

/** Whether a file still has its old bytes, so that its record can go. In doubt false, because a change without record cannot be undone. */
function isAsBefore(path: string, bytes: Uint8Array | undefined): boolean {
  try {
    return hasSameBytes(path, bytes)
  } catch {
    return false // The file cannot be read, so it counts as changed.
  }
}

function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder]
}

/** Keeps bytes in a folder under their hash, readable by the user alone. The same bytes are kept once. */
export function backUpBytes(folder: string, original: { path: string; bytes: Uint8Array }): string {
  const { path, bytes } = original
  const backup = join(folder, `${hashOf(bytes).slice(0, 16)}-${basename(path)}`)
  return withIoError(`back up ${path}`, () => {
    if (hasSameBytes(backup, bytes)) return backup
    rmSync(backup, { force: true })
    replaceFile({ path: backup, before: undefined, after: bytes })
    return backup
  })
}

/** Returns the bytes of a backup; undefined when the file is missing or has other bytes. */
export function readBackup(path: string, hash: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    return hashOf(bytes) === hash ? bytes : undefined
  } catch (cause) {
    if (isNoEntry(cause)) return undefined
    throw cause
  }
}

/** Removes folders that were created for a file, given from the outside in, as far as they are empty. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder)
    } catch (cause) {
      // Usually the folder is not empty. Whatever the reason is, a folder that stays does no harm.
      if (!isNoEntry(cause)) return
    }
  }
}
