import { SubagentError } from '@subagent-mcp/contract'
import { backUpBytes } from '../file/change-file.js'
import { computeSha256, type FileRecord } from '../file/file-record.js'
import type { PresentTextFile } from '../file/read-text.js'
import { replaceFile } from '../file/replace-file.js'
import { undoFileChange } from '../file/undo-file-change.js'
import type { Records } from '../records/records.js'
import { writeFileWithRecord } from '../records/write-with-record.js'
import type { BlockChange, UntouchedInstructionFile, BlockPlan } from './plan-blocks.js'

export type BlockOutcome =
  | { type: 'written' | 'removed' | 'deleted'; path: string }
  | UntouchedInstructionFile

/** Writes planned blocks. A file that cannot be written does not stop the others. */
export function writeBlocks(plans: readonly BlockPlan[], records: Records): BlockOutcome[] {
  return applyEach(plans, (change) => writeBlock(change, records))
}

export function removePlannedBlocks(plans: readonly BlockPlan[], records: Records): BlockOutcome[] {
  return applyEach(plans, (change) => removeFrom(change, records))
}

/** The files that have a block on record, in the order of their first one. */
export function listFilesWithBlock({ read }: Pick<Records, 'read'>): string[] {
  return [...new Set(read().files.flatMap(({ record }) => (isOfBlock(record) ? [record.path] : [])))]
}

export function findFirstBlockRecord(
  { read }: Pick<Records, 'read'>,
  realPath: string,
): FileRecord | undefined {
  return read().files.find(({ record }) => isOfBlock(record, realPath))?.record
}

function isOfBlock({ path, takeOut }: FileRecord, realPath = path): boolean {
  return takeOut.type === 'block' && path === realPath
}

function applyEach(
  plans: readonly BlockPlan[],
  apply: (change: BlockChange) => BlockOutcome,
): BlockOutcome[] {
  return plans.map((plan) => {
    if (plan.type !== 'change') return plan
    try {
      return apply(plan)
    } catch (cause) {
      if (cause instanceof SubagentError && cause.code === 'io-failed')
        return { type: 'refused', path: plan.path, why: cause.message }
      throw cause
    }
  })
}

/** Writes a planned block. The record has the real path, because several links may lead to the file. */
function writeBlock(planned: BlockChange, records: Records): BlockOutcome {
  const { path, file, after = '', before, scope } = planned
  const takeOut = { type: 'block', before } as const
  const change = { file: { ...file, path: file.realPath }, after, takeOut, scope }
  return writeFileWithRecord(change, records) === 'replaced'
    ? { type: 'written', path }
    : changedMeanwhile(path)
}

function removeFrom({ path, file, after }: BlockChange, records: Records): BlockOutcome {
  if (file.type === 'absent') return { type: 'unchanged', path }
  const first = findFirstBlockRecord(records, file.realPath)
  const folders = first?.before.type === 'absent' ? first.before.folders : []
  const forgotten = forget(file, after, records)
  const isDone =
    after === undefined
      ? undoFileChange(creationOf(file, folders)).type === 'restored'
      : replaceFile({ path: file.realPath, before: file.bytes, after: Buffer.from(after) }) === 'replaced'
  if (isDone) return { type: after === undefined ? 'deleted' : 'removed', path }
  forgotten.remember()
  return changedMeanwhile(path)
}

/** Backs the file up, and replaces the records of its blocks by an action from which a rollback restores the block. */
function forget(
  { realPath: path, bytes, mode }: PresentTextFile,
  after: string | undefined,
  { read, change, run, backups }: Records,
): { remember: () => void } {
  const backup = backUpBytes(backups, { path, bytes })
  const { files } = read()
  const records = files.filter(({ record }) => isOfBlock(record, path))
  const left = after === undefined ? {} : { left: computeSha256(Buffer.from(after)) }
  const action = { type: 'took-out', run, path, mode, backup, records, ...left } as const
  change((data) => ({
    ...data,
    files: data.files.filter(({ record }) => !isOfBlock(record, path)),
    deeds: [...data.deeds, action],
  }))
  return {
    remember: () =>
      change((data) => ({
        ...data,
        files,
        deeds: data.deeds.filter((other) => other.run !== run || !('path' in other && other.path === path)),
      })),
  }
}

/** A record as if the file had just been created: its undo removes the file and the folders made for it. */
function creationOf(file: PresentTextFile, folders: readonly string[]): FileRecord {
  return {
    path: file.realPath,
    before: { type: 'absent', folders },
    after: computeSha256(file.bytes),
    takeOut: { type: 'block' },
  }
}

function changedMeanwhile(path: string): BlockOutcome {
  return { type: 'refused', path, why: 'it changed while it was read: run this again' }
}
