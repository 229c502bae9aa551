import { SubagentError } from '@subagent-mcp/contract'
import { hashOf, replaceFile, undo, type FileRecord } from '@subagent-mcp/installer'
import { basename, join } from 'node:path'
import { changeRecorded } from '../wiring/change-recorded.js'
import type { WiringState } from '../wiring/wiring-state.js'
import type { BlockChange, BlockLeft, BlockPlan, ReadFile } from './plan-blocks.js'

/** What became of one instruction file. */
export type BlockOutcome = { type: 'written' | 'removed' | 'deleted'; path: string } | BlockLeft

/** Where it is kept which files got our block. */
export type BlockRegistry = Pick<WiringState, 'read' | 'change' | 'add' | 'remove' | 'run' | 'backups'>

/** Writes the blocks that were planned; a file that cannot be written keeps no other from it. */
export function writeBlocks(plans: readonly BlockPlan[], registry: BlockRegistry): BlockOutcome[] {
  return applyEach(plans, (change) => writeBlock(change, registry))
}

/** Takes the blocks out as planned, and forgets that they were written. */
export function takeOutBlocks(plans: readonly BlockPlan[], registry: BlockRegistry): BlockOutcome[] {
  return applyEach(plans, (change) => takeOutBlock(change, registry))
}

/** The files that have got our block, in the order in which they first did. */
export function filesWithBlock({ read }: Pick<WiringState, 'read'>): string[] {
  return [...new Set(read().files.flatMap(({ record }) => (isOfBlock(record) ? [record.path] : [])))]
}

/** The record of a file's first block. */
export function firstRecord({ read }: Pick<WiringState, 'read'>, realPath: string): FileRecord | undefined {
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

/** Recorded under its real path: that is what names a file that several links lead to. */
function writeBlock(planned: BlockChange, registry: BlockRegistry): BlockOutcome {
  const { path, file, after = '', before, scope } = planned
  const takeOut = { type: 'block', before } as const
  const change = { file: { ...file, path: file.realPath }, after, takeOut, scope }
  const result = changeRecorded(change, registry)
  return result === 'replaced' ? { type: 'written', path } : changedMeanwhile(path)
}

function takeOutBlock({ path, file, after }: BlockChange, registry: BlockRegistry): BlockOutcome {
  if (file.type === 'absent') return { type: 'unchanged', path }
  const folders = foldersOf(firstRecord(registry, file.realPath))
  const forgotten = forget(file, after, registry)
  const isDone =
    after === undefined
      ? undo(makingOf(file, folders)).type === 'restored'
      : replaceFile({ path: file.realPath, before: file.bytes, after: Buffer.from(after) }) === 'replaced'
  if (isDone) return { type: after === undefined ? 'deleted' : 'removed', path }
  forgotten.remember()
  return changedMeanwhile(path)
}

type PresentFile = Extract<ReadFile, { type: 'text' }>

/** Keeps the bytes, and puts in the place of the block's records what a rollback needs to bring it back. */
function forget(
  { realPath: path, bytes, mode }: PresentFile,
  after: string | undefined,
  { read, change, run, backups }: BlockRegistry,
): { remember: () => void } {
  const backup = join(backups, `${hashOf(bytes).slice(0, 16)}-${basename(path)}`)
  // Where it is there already it has the same bytes, for it is named by them.
  replaceFile({ path: backup, before: undefined, after: bytes })
  const { files } = read()
  const records = files.filter(({ record }) => isOfBlock(record, path))
  const left = after === undefined ? {} : { left: hashOf(Buffer.from(after)) }
  const deed = { type: 'took-out', run, path, mode, backup, records, ...left } as const
  change((data) => ({
    ...data,
    files: data.files.filter(({ record }) => !isOfBlock(record, path)),
    deeds: [...data.deeds, deed],
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

function foldersOf(record: FileRecord | undefined): readonly string[] {
  return record?.before.type === 'absent' ? record.before.folders : []
}

/** As if the file had just been made as it is: to undo that removes it, and the folders that were made for it. */
function makingOf(file: PresentFile, folders: readonly string[]): FileRecord {
  return {
    path: file.realPath,
    before: { type: 'absent', folders },
    after: hashOf(file.bytes),
    takeOut: { type: 'block' },
  }
}

function changedMeanwhile(path: string): BlockOutcome {
  return { type: 'refused', path, why: 'it changed while it was read: run this again' }
}
