import { basename } from 'node:path'
import { readTextFileOrRefuse, readTextIfAny } from '../file/read-text.js'
import type { HostMachine } from '../hosts/host.js'
import { removeUnrecordedEntries } from '../unrecorded-entries.js'
import { planFileChanges } from '../plan.js'
import type { Records } from '../records/records.js'
import { isOurPartLeft, type RecordedFileUndo } from '../records/undo-recorded.js'
import { createCodexTrustRemoval } from './trust-removal.js'

/** Undoes files by `undo`, and moves the trust of the user's own Codex hooks with them where they move in their file. */
export function undoKeepingCodexTrust(
  machine: HostMachine,
  records: Pick<Records, 'read' | 'backups'>,
  undo: () => RecordedFileUndo[],
): RecordedFileUndo[] {
  const paths = new Set(records.read().files.map(({ record }) => record.path))
  const hooks = [...paths]
    .filter((path) => basename(path) === 'hooks.json')
    .map((path) => ({ path, before: readTextIfAny(path) }))
  const undone = undo()
  const failed = hooks
    .flatMap(({ path, before }) => {
      const change = createCodexTrustRemoval(
        machine,
        { path, before, after: readTextIfAny(path) },
        readTextFileOrRefuse,
      )
      return change ? planFileChanges([change]) : []
    })
    .flatMap((item) => (item.type === 'unchanged' ? [] : [removeUnrecordedEntries(item, records)]))
    .filter(isOurPartLeft)
  return [...undone, ...failed]
}
