import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { backUp } from './back-up.js'
import { hashOf, type FileRecord } from './file-record.js'
import type { TextFile } from './read-text.js'
import { replaceFile } from './replace-file.js'
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
  change.save({ path: file.path, before, after: hashOf(after), takeOut })
  return replaceFile({
    path: file.path,
    before: file.type === 'absent' ? undefined : file.bytes,
    after,
    ...(change.mode === undefined ? {} : { mode: change.mode }),
  })
}

function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder]
}
