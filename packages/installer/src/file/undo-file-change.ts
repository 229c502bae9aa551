import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { readBackup, removeEmptyFolders } from './change-file.js'
import { rethrowAsIoError } from './file-error.js'
import { computeSha256, type FileRecord, removeOurPart } from './file-record.js'
import { readUtf8File, type PresentTextFile, type ReadFileResult } from './read-text.js'
import { fileHasBytes, replaceFile, syncFolder, removeTemporaryFiles } from './replace-file.js'

/** The outcome of an undo. `taken-out`: others had changed the file, so only our part was removed. */
export type UndoOutcome =
  | { type: 'restored' | 'taken-out' | 'nothing-to-undo' | 'changed-meanwhile' }
  | { type: 'refused'; why: string }

/**
 * Restores the old bytes of a file that nobody changed since; otherwise removes our part from it. Running it twice, or after
 * a change that was interrupted, does no harm.
 * @throws SubagentError `io-failed`
 */
export function undoFileChange(record: FileRecord): UndoOutcome {
  const file = readUtf8File(record.path)
  if (file.type === 'refused') return file
  return rethrowAsIoError(`undo the change of ${record.path}`, () => {
    removeTemporaryFiles(file.realPath)
    const undone = undoFile(record, file)
    if (record.before.type === 'absent') removeEmptyFolders(record.before.folders)
    return undone
  })
}

function undoFile(record: FileRecord, file: ReadFileResult): UndoOutcome {
  const { before } = record
  if (file.type === 'absent') return { type: 'nothing-to-undo' }
  const now = computeSha256(file.bytes)
  if (before.type === 'text' && now === before.hash) return { type: 'nothing-to-undo' }
  if (now === record.after && before.type === 'absent') return remove(file, 'restored')
  const backup = before.type === 'text' ? readBackup(before.backup, before.hash) : undefined
  if (now === record.after && backup !== undefined) return write(file, backup, 'restored')
  const edited = removeOurPart(file.text, record.takeOut)
  if (edited.type === 'unchanged') return { type: 'nothing-to-undo' }
  if (edited.type === 'refused') return edited
  if (before.type === 'absent' && edited.text.trim() === '') return remove(file, 'taken-out')
  return write(file, Buffer.from(edited.text), 'taken-out')
}

function write(file: PresentTextFile, after: Uint8Array, done: 'restored' | 'taken-out'): UndoOutcome {
  const result = replaceFile({ path: file.path, before: file.bytes, after })
  return { type: result === 'replaced' ? done : result }
}

function remove(file: PresentTextFile, done: 'restored' | 'taken-out'): UndoOutcome {
  if (!fileHasBytes(file.realPath, file.bytes)) return { type: 'changed-meanwhile' }
  rmSync(file.realPath)
  syncFolder(dirname(file.realPath))
  return { type: done }
}
