import { SubagentError } from '@subagent-mcp/contract'
import { hashOf, replaceFile, undo, type FileRecord } from '@subagent-mcp/installer'
import { changeRecorded } from '../wiring/change-recorded.js'
import type { BlockChange, BlockLeft, BlockPlan } from './plan-blocks.js'
import type { WiringState } from '../wiring/wiring-state.js'

/** What became of one instruction file. */
export type BlockOutcome = { type: 'written' | 'removed' | 'deleted'; path: string } | BlockLeft

/** Where it is kept which files got our block. */
export type BlockRegistry = Pick<WiringState, 'read' | 'add' | 'remove' | 'backups'>

/** Writes the blocks that were planned; a file that cannot be written keeps no other from it. */
export function writeBlocks(plans: readonly BlockPlan[], registry: BlockRegistry): BlockOutcome[] {
  return applyEach(plans, (change) => writeBlock(change, registry))
}

/** Takes the blocks out as planned, and forgets that they were written. */
export function takeOutBlocks(plans: readonly BlockPlan[], registry: BlockRegistry): BlockOutcome[] {
  return applyEach(plans, (change) => takeOutBlock(change, registry))
}

/** The records of a file's block, the oldest first. */
export function recordsOf(registry: BlockRegistry, realPath: string): FileRecord[] {
  return registry.read().files.flatMap(({ record }) => (isBlockOf(record, realPath) ? [record] : []))
}

function isBlockOf({ path, takeOut }: FileRecord, realPath: string): boolean {
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
function writeBlock({ path, file, after = '', scope }: BlockChange, registry: BlockRegistry): BlockOutcome {
  const change = { file: { ...file, path: file.realPath }, after, takeOut: { type: 'block' }, scope } as const
  const result = changeRecorded(change, registry)
  return result === 'replaced' ? { type: 'written', path } : changedMeanwhile(path)
}

function takeOutBlock({ path, file, after }: BlockChange, registry: BlockRegistry): BlockOutcome {
  if (file.type === 'absent') return { type: 'unchanged', path }
  const records = recordsOf(registry, file.realPath)
  const [first] = records
  const folders = first?.before.type === 'absent' ? first.before.folders : []
  const isDone =
    after === undefined
      ? undo(makingOf(file, folders)).type === 'restored'
      : replaceFile({ path: file.realPath, before: file.bytes, after: Buffer.from(after) }) === 'replaced'
  if (!isDone) return changedMeanwhile(path)
  for (const record of records) registry.remove(record)
  return { type: after === undefined ? 'deleted' : 'removed', path }
}

/** As if the file had just been made as it is: to undo that removes it, and the folders that were made for it. */
function makingOf(
  file: Extract<BlockChange['file'], { type: 'text' }>,
  folders: readonly string[],
): FileRecord {
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
