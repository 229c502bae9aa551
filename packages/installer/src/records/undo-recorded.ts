import { SubagentError } from '@subagent-mcp/contract'
import { computeSha256, type FileRecord, removeOurPart } from '../file/file-record.js'
import { readTextFileOrRefuse } from '../file/read-text.js'
import { undoFileChange, type UndoOutcome } from '../file/undo-file-change.js'
import type { Records } from './records.js'

/** The outcome of undoing the changes of one file. `unrecorded`: without a record, every entry with our name was removed. */
export type RecordedFileUndo = { path: string } & (UndoOutcome | { type: 'unrecorded' })

/** Undoes all records, the newest first. Records of files that could not be undone are kept. */
export function undoRecordedChanges(records: Pick<Records, 'read' | 'remove'>): RecordedFileUndo[] {
  const outcomes = new Map<string, UndoOutcome>()
  for (const { record } of records.read().files.toReversed()) {
    const earlier = outcomes.get(record.path)
    if (earlier && isOurPartLeft(earlier)) continue
    const undone = tryUndo(record)
    if (!isOurPartLeft(undone)) records.remove(record)
    if (!earlier || undone.type !== 'nothing-to-undo') outcomes.set(record.path, undone)
  }
  // In the order of writing, as in the plan.
  return [...outcomes].map(([path, undone]) => ({ path, ...undone })).toReversed()
}

export function isOurPartLeft({ type }: Pick<RecordedFileUndo, 'type'>): boolean {
  return type === 'refused' || type === 'changed-meanwhile'
}

/** Returns the expected outcome of `undoRecordedChanges`; changes nothing. */
export function planRecordedUndo(records: Pick<Records, 'read'>): RecordedFileUndo[] {
  const outcomes = new Map<string, UndoOutcome>()
  for (const { record } of records.read().files.toReversed()) {
    // The last of several writes to a file decides, unless there is nothing to undo of it.
    if ((outcomes.get(record.path)?.type ?? 'nothing-to-undo') === 'nothing-to-undo')
      outcomes.set(record.path, expectedOf(record))
  }
  return [...outcomes].map(([path, undone]) => ({ path, ...undone })).toReversed()
}

function expectedOf({ path, before, after, takeOut: how }: FileRecord): UndoOutcome {
  const file = readTextFileOrRefuse(path)
  if (file.type === 'refused') return file
  if (file.type === 'absent') return { type: 'nothing-to-undo' }
  const now = computeSha256(Buffer.from(file.text))
  if (before.type === 'text' && now === before.hash) return { type: 'nothing-to-undo' }
  if (now === after) return { type: 'restored' }
  const taken = removeOurPart(file.text, how)
  if (taken.type === 'refused') return taken
  return { type: taken.type === 'edited' ? 'taken-out' : 'nothing-to-undo' }
}

function tryUndo(record: FileRecord): UndoOutcome {
  try {
    return undoFileChange(record)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', why: error.message }
    throw error
  }
}
