import { SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { dirname } from 'node:path'
import { computeSha256 } from '../file/file-record.js'
import { readTextFileOrRefuse, readUtf8File } from '../file/read-text.js'
import { replaceFile } from '../file/replace-file.js'
import type { RecordedAction } from '../records/records-data.js'
import type { Records } from '../records/records.js'
import type { RecordedFileUndo } from '../records/undo-recorded.js'

export type BlockRemoval = Extract<RecordedAction, { type: 'took-out' }>

/** Returns the expected outcome of `restoreRemovedBlock`; changes nothing. */
export function previewBlockRestore({ path, left, backup }: BlockRemoval): RecordedFileUndo {
  const file = readTextFileOrRefuse(path)
  if (file.type === 'refused') return { path, type: 'refused', why: file.why }
  const now = file.type === 'text' ? computeSha256(Buffer.from(file.text)) : undefined
  if (now === left) return { path, type: 'restored' }
  return { path, type: 'refused', why: `it was written to since; with its block it is ${backup}` }
}

/** Restores the bytes that a file had with its block, unless the file was written to since. */
export function restoreRemovedBlock(action: BlockRemoval, { change }: Records): RecordedFileUndo {
  const { path, backup, mode, records } = action
  const expected = previewBlockRestore(action)
  if (expected.type !== 'restored') return expected
  try {
    const [file, old] = [readUtf8File(path), readUtf8File(backup)]
    if (file.type === 'refused' || old.type !== 'text')
      return { path, type: 'refused', why: `its backup is gone: ${backup}` }
    createFolderWithParents(dirname(path), mode & 0o044 ? 0o777 : 0o700)
    const before = file.type === 'text' ? file.bytes : undefined
    const type = replaceFile({ path, before, after: old.bytes, mode })
    if (type !== 'replaced') return { path, type }
  } catch (error) {
    if (error instanceof SubagentError) return { path, type: 'refused', why: error.message }
    throw error
  }
  // The order of records is the order of undoing, so the old ones go back to their place.
  change((data) => ({
    ...data,
    files: [...data.files, ...records].sort((left, right) => (left.run < right.run ? -1 : 1)),
  }))
  return expected
}
