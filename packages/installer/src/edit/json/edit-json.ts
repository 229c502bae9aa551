import { getNodeValue } from 'jsonc-parser'
import { findNextValueToSet, type SetValueRequest } from '../edit-conditions.js'
import { createRestoreEdit, type DocumentEdit } from '../edit.js'
import { parseJsonDocument, type JsonDocument, type JsonRules, locateJsonNode } from './json-document.js'
import { insertJsonMember, replaceJsonValue } from './json-insert.js'
import { addJsonItem, removeJsonItems } from './json-items.js'
import { removeJsonValue } from './json-remove.js'
import { runDocumentEdits, type EditRun, type EditStep } from '../run-edits.js'

/** Edits a JSON document and keeps every other byte. An empty text becomes a new document. */
export function editJson(
  document: JsonDocument,
  edits: readonly DocumentEdit[],
  rules: JsonRules,
): EditRun<JsonDocument> {
  return runDocumentEdits(document, edits, { read: (body) => parseJsonDocument(body, rules), step: nextStep })
}

function nextStep(document: JsonDocument, edit: DocumentEdit): EditStep {
  switch (edit.type) {
    case 'set': {
      const wanted = findNextValueToSet(document.data, edit)
      return wanted === undefined ? { type: 'unchanged' } : put(document, wanted)
    }
    case 'restore':
      return put(document, edit)
    case 'remove':
      return remove(document, edit)
    case 'add-item':
    case 'restore-item':
      return addJsonItem(document, edit)
    case 'remove-items':
      return removeJsonItems(document, edit)
  }
}

function put(document: JsonDocument, { path, value }: SetValueRequest): EditStep {
  const place = locateJsonNode(document, path)
  if (place.type === 'refused') return place
  if (place.type === 'blocked') return place.refusal
  const change = { place: path, value }
  if (place.type === 'missing') {
    const { splices, ...made } = insertJsonMember(document, place, path, value)
    return { type: 'step', splices, change, undo: [{ type: 'remove', path, ...made, wrote: value }] }
  }
  const splices = [replaceJsonValue(document, place.node, value)]
  return { type: 'step', splices, change, undo: createRestoreEdit(path, getNodeValue(place.node), value) }
}

function remove(document: JsonDocument, edit: Extract<DocumentEdit, { type: 'remove' }>): EditStep {
  const located = locateJsonNode(document, edit.path)
  if (located.type === 'refused') return located
  if (located.type !== 'found') return { type: 'unchanged' }
  const { splices, place } = removeJsonValue(document, located.node, edit)
  const undo = createRestoreEdit(edit.path, getNodeValue(located.node), undefined)
  return { type: 'step', splices, change: { place, value: undefined }, undo }
}
