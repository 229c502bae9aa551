import { SubagentError } from '@subagent-mcp/contract'
import { changeFile, readText, type FilePlan, type FileRecord, type Wiring } from '@subagent-mcp/installer'
import { dirname } from 'node:path'
import { makeFolder } from '../settings/make-folder.js'
import type { WiringState } from './wiring-state.js'

/** What became of a file that was to be written. */
export type Wrote = { type: 'written' } | { type: 'failed'; why: string }

/**
 * Writes one file as it was planned, with a backup and a record; never over what came into it since. A new one is the
 * user's alone, except in a project.
 */
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
    const saved: FileRecord[] = []
    const done = changeFile({
      file,
      after: item.after,
      takeOut: { type: 'edits', format: change.format, edits: item.undo },
      backups: state.backups,
      mode: scope === 'project' ? 0o644 : 0o600,
      save: (record) => {
        state.add(record)
        saved.push(record)
        // Only now, for the record says which folders were not there.
        if (scope === 'project') makeFolder(dirname(item.path), 0o755)
      },
    })
    if (done === 'replaced') return { type: 'written' }
    saved.forEach(state.remove)
    return changedMeanwhile
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'failed', why: error.message }
    throw error
  }
}

const changedMeanwhile = { type: 'failed', why: 'somebody wrote to it meanwhile: run this again' } as const
