import { isDeepStrictEqual } from 'node:util'
import type { Edit } from './edit/edit.js'
import type { FileRecord } from './file/file-record.js'
import type { FileChange, Host, HostMachine, Wiring } from './hosts/host.js'
import { plan } from './plan.js'
import { removing } from './removing.js'

/** One host, and how it is to be wired. */
type Wired = { host: Host; machine: HostMachine; wiring: Wiring }

/** Changes that remove what an earlier setup may have written and this wiring does not include. */
export function unwanted(wired: Wired, recorded: readonly FileRecord[]): FileChange[] {
  const hooks = surplus(wired, { hooks: true }).map((change) => ({
    ...removing(change),
    what: `${change.what} taken out`,
    snippet: '',
  }))
  const suppression = surplus(wired, { suppressNative: true }).flatMap((change) => {
    const edits = change.edits.flatMap((edit) => undoOf(edit, change, recorded))
    return edits.length > 0 ? [{ ...change, edits, what: 'own sub-agents turned on again', snippet: '' }] : []
  })
  return [...hooks, ...suppression]
}

/** The changes of a larger wiring that this one does not have. */
function surplus({ host, machine, wiring }: Wired, more: Partial<Wiring>): FileChange[] {
  const wanted = new Set(host.changes(machine, wiring).map(({ what }) => what))
  return host.changes(machine, { ...wiring, ...more }).filter(({ what }) => !wanted.has(what))
}

/** A switch carries no name of ours. It is ours when it still has our value; its last record says how to undo it. */
function undoOf(edit: Edit, change: FileChange, recorded: readonly FileRecord[]): Edit[] {
  const undone = recorded
    .filter(({ path }) => path === change.path)
    .flatMap(({ takeOut }) => (takeOut.type === 'edits' ? takeOut.edits : []))
    .findLast((other) => isDeepStrictEqual(placeOf(other), placeOf(edit)))
  if (undone === undefined) return []
  const isInForce = plan([{ ...change, edits: [edit] }]).every(({ type }) => type === 'unchanged')
  return isInForce ? [undone] : []
}

function placeOf(edit: Edit) {
  return { path: edit.path, ours: 'ours' in edit ? edit.ours : undefined }
}
