import type { Edit } from '../edit.js'
import { runEdits, type Editor, type Ran, type Step } from '../run-edits.js'
import { partOf, sameOthers, type TomlData, type TomlDocument } from './toml-document.js'
import { addTomlItem, removeTomlItems } from './toml-items.js'
import { removeToml } from './toml-remove.js'
import { putToml, setToml } from './toml-set.js'
import { isTable } from '../value.js'

/**
 * Edits a TOML document and keeps every other byte. A place that others wrote in a form that cannot be extended is refused.
 * Parsing a long text takes a second, so after each step only the top-level keys of the edits are parsed again; the lines of
 * all other keys must be unchanged.
 */
export function editToml(whole: TomlData, edits: readonly Edit[]): Ran<TomlData> {
  const keys = new Set(edits.flatMap(({ path: [key] }) => key ?? []))
  const first = partOf(whole.text, keys)
  if (first.type === 'refused') return first
  const read = (text: string): ReturnType<Editor<TomlDocument>['read']> => {
    const part = partOf(text, keys)
    if (part.type === 'refused' || sameOthers(first, part)) return part
    return { type: 'refused', why: 'it would change more than our entry' }
  }
  const ran = runEdits(first.document, edits, { read, step: nextStep })
  if (ran.type !== 'edited') return ran
  const { text, data } = ran.document
  const others = Object.entries(isTable(whole.data) ? whole.data : {}).filter(([key]) => !keys.has(key))
  const all = Object.fromEntries([...others, ...Object.entries(isTable(data) ? data : {})])
  return { ...ran, document: { text, data: all } }
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
