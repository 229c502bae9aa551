import {
  plan,
  removing,
  type Edit,
  type FileChange,
  type FileRecord,
  type Host,
  type Machine,
  type Wiring,
} from '@subagent-mcp/installer'
import { isDeepStrictEqual } from 'node:util'
import { readOrRefuse } from './read-or-refuse.js'

/** One host, and how it is to be wired. */
export type Wired = { host: Host; machine: Machine; wiring: Wiring }

/** What an earlier setup put into a host's files and this wiring does not want; found there or not. */
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

/** What would be there with more, and not without. */
function surplus({ host, machine, wiring }: Wired, more: Partial<Wiring>): FileChange[] {
  const wanted = new Set(host.changes(machine, wiring).map(({ what }) => what))
  return host.changes(machine, { ...wiring, ...more }).filter(({ what }) => !wanted.has(what))
}

/** A switch bears no name: ours is the one that still is as we set it, by the last record of its place. */
function undoOf(edit: Edit, change: FileChange, recorded: readonly FileRecord[]): Edit[] {
  const isInForce = plan([{ ...change, edits: [edit] }], readOrRefuse).every(
    ({ type }) => type === 'unchanged',
  )
  if (!isInForce) return []
  const undone = recorded
    .filter(({ path }) => path === change.path)
    .flatMap(({ takeOut }) => (takeOut.type === 'edits' ? takeOut.edits : []))
    .findLast((other) => isDeepStrictEqual(placeOf(other), placeOf(edit)))
  return undone ? [undone] : []
}

function placeOf(edit: Edit) {
  return { path: edit.path, ours: 'ours' in edit ? edit.ours : undefined }
}
