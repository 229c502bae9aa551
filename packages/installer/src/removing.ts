import type { Edit } from './edit/edit.js'
import type { FileChange } from './hosts/host.js'
import { serverName } from './hosts/server-entry.js'

/**
 * The reverse of a change, for a file without a record. It removes only entries with our name, because a switch may have
 * been set by the user.
 */
export function removalOf(change: FileChange): FileChange {
  // A file that its host would not read can still be edited.
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
