import type { Edit } from '../edit.js'
import { runEdits, type DocumentEditor, type EditRun, type EditStep } from '../run-edits.js'
import {
  partOfToml,
  haveSameOtherLines,
  tomlText,
  type TomlDocument,
  type TomlText,
} from './toml-document.js'
import { addTomlItem, removeTomlItems } from './toml-items.js'
import { removeToml } from './toml-remove.js'
import { putToml, setToml } from './toml-set.js'

/**
 * Edits a TOML document and keeps every other byte. A place that others wrote in a form that cannot be extended is refused.
 * After each step only the top-level keys of the edits are parsed again; the lines of all other keys must be unchanged.
 */
export function editToml(whole: TomlText, edits: readonly Edit[]): EditRun<TomlText> {
  const keys = new Set(edits.flatMap(({ path: [key] }) => key ?? []))
  const first = whole.part(keys)
  if (first.type === 'refused') return first
  let last = first
  const read = (text: string): ReturnType<DocumentEditor<TomlDocument>['read']> => {
    const part = partOfToml(text, keys)
    if (part.type === 'refused') return part
    if (!haveSameOtherLines(first, part))
      return { type: 'refused', why: 'it would change more than our entry' }
    last = part
    return part
  }
  const ran = runEdits(first.document, edits, { read, step: nextStep })
  return ran.type === 'edited' ? { ...ran, document: tomlText(last.document.text, undefined, last) } : ran
}

function nextStep(document: TomlDocument, edit: Edit): EditStep {
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
