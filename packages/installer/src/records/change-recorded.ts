import { makeFolder } from '@subagent-mcp/driver-kit'
import { changeFile, type TakeOut } from '@subagent-mcp/installer'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@subagent-mcp/driver-kit'
import type { ReadFile } from '../blocks/plan-blocks.js'
import type { WiringState } from './wiring-state.js'

/** A file of others as it was read, what it shall become, and how ours is taken out of it again. */
export type RecordedChange = { file: ReadFile; after: string; takeOut: TakeOut; scope: 'project' | 'user' }

/**
 * Changes a file with a backup and a record. A new one is the user's alone, except in a project: there it is as open as
 * the project itself. @throws SubagentError `io-failed`
 */
export function changeRecorded(
  { file, after, takeOut, scope }: RecordedChange,
  state: Pick<WiringState, 'add' | 'remove' | 'backups'>,
): 'replaced' | 'changed-meanwhile' {
  const folder = dirname(file.realPath)
  const isShared = scope === 'project'
  return changeFile({
    file,
    after,
    takeOut,
    backups: state.backups,
    ...(isShared && { mode: openness(folder) }),
    save: (record) => {
      state.add(record)
      // Only now, for the record says which were not there.
      if (isShared) makeFolder(folder, 0o777)
    },
    drop: state.remove,
  })
}

/** As the folder that a file comes to, or the one above it that is there; but not for all to write. */
function openness(folder: string): number {
  return existsSync(folder) ? statSync(folder).mode & 0o664 : openness(dirname(folder))
}
