import type { Edit } from './edit/edit.js'
import type { FileChange } from './hosts/host.js'
import { serverName } from './hosts/server-entry.js'

/**
 * A change turned round, for when no record says what was done. Only what carries our name is taken out: a switch that
 * was set for us may be the user's own by now.
 */
export function removing(change: FileChange): FileChange {
  // What its host would not read can lose ours all the same.
  const { topLevelKeys: _, ...rest } = change
  return { ...rest, edits: change.edits.filter(carriesOurName).map(turned) }
}

function carriesOurName(edit: Edit): boolean {
  return JSON.stringify('ours' in edit ? edit.ours : edit.path).includes(serverName)
}

function turned(edit: Edit): Edit {
  if (edit.type === 'set') return { type: 'remove', path: edit.path }
  if (edit.type === 'add-item') return { type: 'remove-items', path: edit.path, ours: edit.ours }
  return edit
}
