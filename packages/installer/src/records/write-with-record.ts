import { SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { changeFileWithBackup } from '../file/change-file.js'
import { readUtf8File, type ReadFileResult } from '../file/read-text.js'
import type { OurPartRemoval } from '../file/file-record.js'
import type { HostSetup } from '../hosts/host.js'
import type { PlannedFile } from '../plan.js'
import type { Records } from './records.js'

export type FileWriteOutcome = { type: 'written' } | { type: 'failed'; why: string }

/** Writes one file as it was planned, with a backup and a record. A file that changed since it was planned is not written. */
export function writePlannedFile(
  planned: PlannedFile,
  records: Pick<Records, 'add' | 'remove' | 'backups'>,
  scope: HostSetup['scope'],
): FileWriteOutcome {
  const [change] = planned.changes
  if (change === undefined) return { type: 'written' }
  try {
    const file = readUtf8File(planned.path)
    if (file.type === 'refused') return { type: 'failed', why: file.why }
    if ((file.type === 'text' ? file.text : undefined) !== planned.before) return changedMeanwhile
    const takeOut = { type: 'edits', format: change.format, edits: planned.undo } as const
    const done = writeFileWithRecord({ file, after: planned.after, takeOut, scope }, records)
    return done === 'replaced' ? { type: 'written' } : changedMeanwhile
  } catch (error) {
    if (error instanceof SubagentError) return { type: 'failed', why: error.message }
    throw error
  }
}

const changedMeanwhile = {
  type: 'failed',
  why: 'another program wrote to it meanwhile: run this again',
} as const

/** A host's file with its new text, and how our part is removed from the file later. */
type RecordedChange = {
  file: ReadFileResult
  after: string
  takeOut: OurPartRemoval
  scope: HostSetup['scope']
}

/**
 * Changes a file with a backup and a record. A new file is for the user alone; in a project it has the rights of the
 * project's folder. @throws SubagentError `io-failed`
 */
export function writeFileWithRecord(
  { file, after, takeOut, scope }: RecordedChange,
  records: Pick<Records, 'add' | 'remove' | 'backups'>,
): 'replaced' | 'changed-meanwhile' {
  const folder = dirname(file.realPath)
  const isShared = scope === 'project'
  return changeFileWithBackup({
    file,
    after,
    takeOut,
    backups: records.backups,
    ...(isShared && { mode: rightsOf(folder) }),
    save: (record) => {
      records.add(record)
      // The folder is made after the record, because the record names the folders that were missing.
      if (isShared) createFolderWithParents(folder, 0o777)
    },
    drop: records.remove,
  })
}

/** The rights of a folder or of its nearest existing parent, without writing for everybody. */
function rightsOf(folder: string): number {
  return existsSync(folder) ? statSync(folder).mode & 0o664 : rightsOf(dirname(folder))
}
