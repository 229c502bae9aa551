import type { DocumentEdit } from '../edit.js'
import { runDocumentEdits, type DocumentEditor, type EditRun, type EditStep } from '../run-edits.js'
import {
  parseTomlPart,
  haveSameUneditedLines,
  openTomlText,
  type TomlDocument,
  type OpenTomlText,
} from './toml-document.js'
import { addTomlItem, removeTomlItems } from './toml-items.js'
import { removeTomlValue } from './toml-remove.js'
import { putTomlValue, setTomlValue } from './toml-set.js'

/**
 * Edits a TOML document and keeps every other byte. A place that others wrote in a form that cannot be extended is refused.
 * After each step only the top-level keys of the edits are parsed again; the lines of all other keys must be unchanged.
 */
export function editToml(whole: OpenTomlText, edits: readonly DocumentEdit[]): EditRun<OpenTomlText> {
  const keys = new Set(edits.flatMap(({ path: [key] }) => key ?? []))
  const first = whole.part(keys)
  if (first.type === 'refused') return first
  let last = first
  const read = (text: string): ReturnType<DocumentEditor<TomlDocument>['read']> => {
    const part = parseTomlPart(text, keys)
    if (part.type === 'refused') return part
    if (!haveSameUneditedLines(first, part))
      return { type: 'refused', why: 'it would change more than our entry' }
    last = part
    return part
  }
  const ran = runDocumentEdits(first.document, edits, { read, step: nextStep })
  return ran.type === 'edited' ? { ...ran, document: openTomlText(last.document.text, undefined, last) } : ran
}

function nextStep(document: TomlDocument, edit: DocumentEdit): EditStep {
  switch (edit.type) {
    case 'set':
      return setTomlValue(document, edit)
    case 'restore':
      return putTomlValue(document, edit)
    case 'remove':
      return removeTomlValue(document, edit)
    case 'add-item':
    case 'restore-item':
      return addTomlItem(document, edit)
    case 'remove-items':
      return removeTomlItems(document, edit)
  }
}
