import { getNodeValue } from 'jsonc-parser'
import { nextValueToSet, type WantedValue } from '../due.js'
import { restoreEdit, type Edit } from '../edit.js'
import { readJson, type JsonDocument, type JsonRules, locateNode } from './json-document.js'
import { insertMember, replaceValue } from './json-insert.js'
import { addItem, removeItems } from './json-items.js'
import { removeValue } from './json-remove.js'
import { runEdits, type EditRun, type EditStep } from '../run-edits.js'

/** Edits a JSON document and keeps every other byte. An empty text becomes a new document. */
export function editJson(
  document: JsonDocument,
  edits: readonly Edit[],
  rules: JsonRules,
): EditRun<JsonDocument> {
  return runEdits(document, edits, { read: (body) => readJson(body, rules), step: nextStep })
}

function nextStep(document: JsonDocument, edit: Edit): EditStep {
  switch (edit.type) {
    case 'set': {
      const wanted = nextValueToSet(document.data, edit)
      return wanted === undefined ? { type: 'unchanged' } : put(document, wanted)
    }
    case 'restore':
      return put(document, edit)
    case 'remove':
      return remove(document, edit)
    case 'add-item':
    case 'restore-item':
      return addItem(document, edit)
    case 'remove-items':
      return removeItems(document, edit)
  }
}

function put(document: JsonDocument, { path, value }: WantedValue): EditStep {
  const place = locateNode(document, path)
  if (place.type === 'refused') return place
  if (place.type === 'blocked') return place.refusal
  const change = { place: path, value }
  if (place.type === 'missing') {
    const { splices, ...made } = insertMember(document, place, path, value)
    return { type: 'step', splices, change, undo: [{ type: 'remove', path, ...made, wrote: value }] }
  }
  const splices = [replaceValue(document, place.node, value)]
  return { type: 'step', splices, change, undo: restoreEdit(path, getNodeValue(place.node), value) }
}

function remove(document: JsonDocument, edit: Extract<Edit, { type: 'remove' }>): EditStep {
  const located = locateNode(document, edit.path)
  if (located.type === 'refused') return located
  if (located.type !== 'found') return { type: 'unchanged' }
  const { splices, place } = removeValue(document, located.node, edit)
  const undo = restoreEdit(edit.path, getNodeValue(located.node), undefined)
  return { type: 'step', splices, change: { place, value: undefined }, undo }
}
