import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { backUp } from './back-up.js'
import { hashOf, type FileRecord } from './file-record.js'
import type { TextFile } from './read-text.js'
import { removeEmpty } from './remove-empty.js'
import { isStill, replaceFile } from './replace-file.js'
import type { TakeOut } from './take-out.js'

/** A file as it was read and what it shall become. */
export type ChangeOfFile = {
  file: Exclude<TextFile, { type: 'refused' }>
  after: string
  takeOut: TakeOut
  /** Where the old bytes are kept. */
  backups: string
  /** Of a file that is not there yet; 0600 else. */
  mode?: number
  /** Keeps the record; it must be on the disk when this returns, for only then is the file touched. */
  save: (record: FileRecord) => void
  /** Forgets the record again: the file was not written and is as it was. */
  drop?: (record: FileRecord) => void
}

/**
 * Backs up, records, replaces, in this order: whenever it is cut off, the file is the old or the new one, and a record
 * that exists undoes it.
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

/** With a record too much there is nothing to undo; without one that is needed the change stays for ever. */
function isAsBefore(path: string, bytes: Uint8Array | undefined): boolean {
  try {
    return isStill(path, bytes)
  } catch {
    return false // it cannot be read, so nobody knows
  }
}

function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder]
}
