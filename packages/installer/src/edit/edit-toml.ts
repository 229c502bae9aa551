import type { Edit, Edited } from './edit.js'
import { runEdits, type Step } from './run-edits.js'
import { readToml, type TomlDocument } from './toml-document.js'
import { addTomlItem, removeTomlItems } from './toml-items.js'
import { removeToml } from './toml-remove.js'
import { putToml, setToml } from './toml-set.js'

const byteOrderMark = '\uFEFF'

/** Edits a TOML text and keeps all of it that is not ours; forms that others chose for our place are refused. */
export function editToml(text: string, edits: readonly Edit[]): Edited {
  const bom = text.startsWith(byteOrderMark) ? byteOrderMark : ''
  const edited = runEdits(text.slice(bom.length), edits, { read: readToml, step: nextStep })
  return edited.type === 'edited' ? { ...edited, text: bom + edited.text } : edited
}

function nextStep(document: TomlDocument, edit: Edit): Step {
  switch (edit.type) {
    case 'set':
      return setToml(document, edit)
    case 'restore':
      return putToml(document, edit)
    case 'remove':
      return removeToml(document, edit)
    case 'add-item':
    case 'restore-item':
      return addTomlItem(document, edit)
    case 'remove-items':
      return removeTomlItems(document, edit)
  }
}
