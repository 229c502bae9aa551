import { SubagentError } from '@subagent-mcp/contract'
import { hashOf, takeOut, undo, type FileRecord, type Undone } from '@subagent-mcp/installer'
import { readOrRefuse } from './read-or-refuse.js'
import type { WiringState } from './wiring-state.js'

/** What became of a file, or would become of it; `unrecorded`: what has our name in it was taken out without a record. */
export type UndoneFile = { path: string } & (Undone | { type: 'unrecorded' })

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
export function isLeft({ type }: Pick<UndoneFile, 'type'>): boolean {
  return type === 'refused' || type === 'changed-meanwhile'
}

/** What would become of the files on record; touches nothing. */
export function foreseeUndo(state: Pick<WiringState, 'read'>): UndoneFile[] {
  const outcomes = new Map<string, Undone>()
  for (const { record } of state.read().files.toReversed()) {
    // Of more than one write to a file the last one tells.
    if ((outcomes.get(record.path)?.type ?? 'nothing-to-undo') === 'nothing-to-undo')
      outcomes.set(record.path, foresee(record))
  }
  return [...outcomes].map(([path, undone]) => ({ path, ...undone })).toReversed()
}

function foresee({ path, before, after, takeOut: how }: FileRecord): Undone {
  const file = readOrRefuse(path)
  if (file.type === 'refused') return file
  if (file.type === 'absent') return { type: 'nothing-to-undo' }
  const now = hashOf(Buffer.from(file.text))
  if (before.type === 'text' && now === before.hash) return { type: 'nothing-to-undo' }
  if (now === after) return { type: 'restored' }
  const taken = takeOut(file.text, how)
  if (taken.type === 'refused') return taken
  return { type: taken.type === 'edited' ? 'taken-out' : 'nothing-to-undo' }
}

function tryUndo(record: FileRecord): Undone {
  try {
    return undo(record)
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'refused', why: error.message }
    throw error
  }
}
