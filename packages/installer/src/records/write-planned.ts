import { SubagentError } from '@subagent-mcp/contract'
import { readText, type FilePlan, type Wiring } from '@subagent-mcp/installer'
import { changeRecorded } from './change-recorded.js'
import type { WiringState } from './wiring-state.js'

/** What became of a file that was to be written. */
export type Wrote = { type: 'written' } | { type: 'failed'; why: string }

/** Writes one file as it was planned, with a backup and a record; never over what came into it since. */
export function writePlanned(
  item: FilePlan,
  state: Pick<WiringState, 'add' | 'remove' | 'backups'>,
  scope: Wiring['scope'],
): Wrote {
  const [change] = item.changes
  if (change === undefined) return { type: 'written' }
  try {
    const file = readText(item.path)
    if (file.type === 'refused') return { type: 'failed', why: file.why }
    if ((file.type === 'text' ? file.text : undefined) !== item.before) return changedMeanwhile
    const takeOut = { type: 'edits', format: change.format, edits: item.undo } as const
    const done = changeRecorded({ file, after: item.after, takeOut, scope }, state)
    return done === 'replaced' ? { type: 'written' } : changedMeanwhile
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'failed', why: error.message }
    throw error
  }
}

const changedMeanwhile = { type: 'failed', why: 'somebody wrote to it meanwhile: run this again' } as const
