import { existsSync, readFileSync, rmSync, rmdirSync } from 'node:fs'
import { dirname, basename, join } from 'node:path'
import { computeSha256, type FileRecord, type OurPartRemoval } from './file-record.js'
import type { ReadFileResult } from './read-text.js'
import { fileHasBytes, replaceFile } from './replace-file.js'
import { isMissingEntry, rethrowAsIoError } from './file-error.js'

/** A host's file to change: the file as it was read, and its new text. */
export type RecordedFileChange = {
  file: ReadFileResult
  after: string
  takeOut: OurPartRemoval
  backups: string
  /** The mode of a new file. Default: 0600. */
  mode?: number
  /** Keeps the record. The file is written after this returns, so the record must be on the disk then. */
  save: (record: FileRecord) => void
  /** Drops the record of a change whose file was not written. */
  drop?: (record: FileRecord) => void
}

/**
 * Backs a file up, records the change and replaces the file, in this order. If the process is killed at any moment, the
 * file is the old or the new one, and an existing record undoes the change.
 * @throws SubagentError `io-failed`
 */
export function changeFileWithBackup(change: RecordedFileChange): 'replaced' | 'changed-meanwhile' {
  const { file, backups, takeOut } = change
  const after = Buffer.from(change.after)
  const before: FileRecord['before'] =
    file.type === 'absent'
      ? { type: 'absent', folders: missingFolders(dirname(file.realPath)) }
      : { type: 'text', hash: computeSha256(file.bytes), backup: backUpBytes(backups, file) }
  const record: FileRecord = { path: file.path, before, after: computeSha256(after), takeOut }
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

function forget(record: FileRecord, { drop }: RecordedFileChange): void {
  if (record.before.type === 'absent') removeEmptyFolders(record.before.folders)
  drop?.(record)
}

/** Whether a file still has its old bytes, so that its record can go. In doubt false, because a change without record cannot be undone. */
function isAsBefore(path: string, bytes: Uint8Array | undefined): boolean {
  try {
    return fileHasBytes(path, bytes)
  } catch {
    return false // A file that cannot be read counts as changed.
  }
}

function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder]
}

/** Keeps bytes in a folder under their hash, readable by the user alone. The same bytes are kept once. */
export function backUpBytes(folder: string, original: { path: string; bytes: Uint8Array }): string {
  const { path, bytes } = original
  const backup = join(folder, `${computeSha256(bytes).slice(0, 16)}-${basename(path)}`)
  return rethrowAsIoError(`back up ${path}`, () => {
    if (fileHasBytes(backup, bytes)) return backup
    rmSync(backup, { force: true })
    replaceFile({ path: backup, before: undefined, after: bytes })
    return backup
  })
}

/** Returns the bytes of a backup; undefined when the file is missing or has other bytes. */
export function readBackup(path: string, hash: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    return computeSha256(bytes) === hash ? bytes : undefined
  } catch (cause) {
    if (isMissingEntry(cause)) return undefined
    throw cause
  }
}

/** Removes folders that were created for a file, given from the outside in, as far as they are empty. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder)
    } catch (cause) {
      // Most often the folder is not empty. A folder that stays does no harm, whatever the reason.
      if (!isMissingEntry(cause)) return
    }
  }
}
