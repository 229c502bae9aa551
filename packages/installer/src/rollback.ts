import {
  previewBlockRestore,
  restoreRemovedBlock,
  type BlockRemoval,
} from './blocks/restore-removed-block.js'
import { undoKeepingCodexTrust } from './codex-trust/keep-trust.js'
import type { HostMachine } from './hosts/host.js'
import { createRunName, openRecords, type Records } from './records/records.js'
import type { RecordedAction, RecordsData } from './records/records-data.js'
import {
  isOurPartLeft,
  planRecordedUndo,
  undoRecordedChanges,
  type RecordedFileUndo,
} from './records/undo-recorded.js'
import type { UninstallPlan } from './uninstall.js'

/** The run of a command to roll back, and the machine and state folder in which it ran. */
export type RollbackOptions = {
  machine: HostMachine
  stateFolder: string
  /** The run to undo. Default: the last one that was not undone. */
  run?: string
  now?: () => number
}

/** The plan to undo one run: the outcome for each of its files, and its other actions. */
export type RollbackPlan = UninstallPlan & { run: string; actions: readonly RecordedAction[] }

/** Plans to undo one run of `setup`, `init` or an update; undefined if no run can be undone. Changes nothing. @throws SubagentError */
export function rollback(options: RollbackOptions): RollbackPlan | undefined {
  const { machine, stateFolder, now = Date.now } = options
  const read = openRecords(stateFolder).read()
  const run = options.run ?? lastRun(read)
  if (run === undefined) return undefined
  return {
    run,
    actions: read.deeds.filter((action) => action.run === run),
    files: [
      ...planRecordedUndo(onlyRun(openRecords(stateFolder), run)),
      ...tookOut(read, run).map((action) => previewBlockRestore(action)),
    ],
    apply: () => {
      const records = openRecords(stateFolder, createRunName('rollback', now()))
      return undoKeepingCodexTrust(machine, records, () => undoRun(records, run))
    },
  }
}

/** The last run that wrote something and was not undone. Names of runs sort by their time. */
function lastRun({ files, deeds }: RecordsData): string | undefined {
  return [...files, ...deeds]
    .map(({ run }) => run)
    .sort()
    .at(-1)
}

/**
 * Undoes the changes of one run: the entries that it wrote, the blocks that it removed and the choices that it saved. Changes
 * that cannot be undone stay in the records.
 */
function undoRun(records: Records, run: string): RecordedFileUndo[] {
  const written = undoRecordedChanges(onlyRun(records, run))
  const putBack = tookOut(records.read(), run).map((action) => restoreRemovedBlock(action, records))
  const left = new Set(putBack.filter(isOurPartLeft).map(({ path }) => path))
  const isUndone = (action: RecordedAction): boolean =>
    action.run === run && !(action.type === 'took-out' && left.has(action.path))
  records.change((data) => {
    const chose = data.deeds.find((action) => action.run === run && action.type === 'chose')
    return {
      ...data,
      choices: chose?.type === 'chose' ? chose.choices : data.choices,
      deeds: data.deeds.filter((action) => !isUndone(action)),
    }
  })
  return [...written, ...putBack]
}

/** Returns records that show only the files that one run wrote. */
function onlyRun({ read, remove }: Records, run: string): Pick<Records, 'read' | 'remove'> {
  return {
    read: () => {
      const data = read()
      return { ...data, files: data.files.filter((written) => written.run === run) }
    },
    remove,
  }
}

/** Returns the text blocks that one run removed from files. */
function tookOut({ deeds }: RecordsData, run: string): BlockRemoval[] {
  return deeds.flatMap((action) => (action.type === 'took-out' && action.run === run ? [action] : []))
}
