import { SubagentError } from '@subagent-mcp/contract'
import { hashOf, undo, type FileRecord, type Undone } from '@subagent-mcp/installer'
import { readOrRefuse } from './read-or-refuse.js'
import type { WiringState } from './wiring-state.js'

/** What became of a file that we had written, or would become of it. */
export type UndoneFile = { path: string } & Undone

/** Takes back all that is on record, the newest first; what could not be taken back stays on record. */
export function undoWiring(state: Pick<WiringState, 'read' | 'remove'>): UndoneFile[] {
  const outcomes = new Map<string, Undone>()
  for (const { record } of state.read().files.toReversed()) {
    const earlier = outcomes.get(record.path)
    if (earlier && isLeft(earlier)) continue
    const undone = tryUndo(record)
    if (!isLeft(undone)) state.remove(record)
    if (!earlier || undone.type !== 'nothing-to-undo') outcomes.set(record.path, undone)
  }
  // In the order of writing, as it was foreseen.
  return [...outcomes].map(([path, undone]) => ({ path, ...undone })).toReversed()
}

/** Whether ours is in the file still. */
export function isLeft({ type }: Undone): boolean {
  return type === 'refused' || type === 'changed-meanwhile'
}

/** What would become of the files on record; touches nothing. */
export function foreseeUndo(state: Pick<WiringState, 'read'>): UndoneFile[] {
  // Of more than one write to a file the last one tells.
  const records = state.read().files.map(({ record }) => record)
  const last = records.filter(
    ({ path }, index) => records.findLastIndex((other) => other.path === path) === index,
  )
  return last.map((record) => ({ path: record.path, type: foresee(record) }))
}

function foresee(record: FileRecord): 'restored' | 'taken-out' | 'nothing-to-undo' {
  const file = readOrRefuse(record.path)
  if (file.type !== 'text') return 'nothing-to-undo'
  return hashOf(Buffer.from(file.text)) === record.after ? 'restored' : 'taken-out'
}

function tryUndo(record: FileRecord): Undone {
  try {
    return undo(record)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', why: error.message }
    throw error
  }
}
