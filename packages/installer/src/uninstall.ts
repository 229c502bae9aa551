import { undoKeepingCodexTrust } from './codex-trust/keep-trust.js'
import type { HostMachine } from './hosts/host.js'
import {
  previewUnrecordedRemoval,
  planUnrecordedRemovals,
  removeUnrecordedEntries,
} from './unrecorded-entries.js'
import { createRunName, openRecords } from './records/records.js'
import type { RecordsData } from './records/records-data.js'
import { planRecordedUndo, undoRecordedChanges, type RecordedFileUndo } from './records/undo-recorded.js'

export type UninstallOptions = {
  machine: HostMachine
  stateFolder: string
  /** The root of the current project, whose files are looked at when all records are lost. */
  project: string
  now?: () => number
}

/** The plan of an undo: the expected outcome for each file, and the function that undoes the files. */
export type UninstallPlan = {
  files: readonly RecordedFileUndo[]
  /** Undoes the files and returns their outcomes. Records of files that could not be undone are kept. */
  apply(): RecordedFileUndo[]
}

/** Plans to undo everything that `setup` and `init` wrote, in all projects; changes nothing. @throws SubagentError */
export function uninstall({
  machine,
  stateFolder,
  project,
  now = Date.now,
}: UninstallOptions): UninstallPlan {
  const recorded = planRecordedUndo(openRecords(stateFolder))
  const paths = new Set(recorded.map(({ path }) => path))
  const leftovers = planUnrecordedRemovals({ machine, project, recorded: paths })
  return {
    files: [...recorded, ...leftovers.map(previewUnrecordedRemoval)],
    apply: () => {
      const records = openRecords(stateFolder, createRunName('uninstall', now()))
      const files = undoKeepingCodexTrust(machine, records, () => [
        ...undoRecordedChanges(records),
        ...leftovers.map((item) => removeUnrecordedEntries(item, records)),
      ])
      if (isSetUp(records.read())) records.forgetChoices()
      return files
    },
  }
}

/** Whether records have choices to forget. Without any, uninstall does not write the file of records. */
function isSetUp({ choices, deeds }: RecordsData): boolean {
  return choices.length > 0 || deeds.some(({ type }) => type !== 'updated')
}
