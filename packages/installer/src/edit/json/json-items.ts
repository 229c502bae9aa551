import { findNodeAtLocation, getNodePath, getNodeValue, type Node } from 'jsonc-parser'
import {
  refuseEditAt,
  createRestoreItemEdit,
  createRemoveItemsEdit,
  type DocumentEdit,
  type CreatedParentTables,
} from '../edit.js'
import { findNextAddition, findNextRemoval, type OurMark } from '../our-items.js'
import { insertJsonItem, insertJsonMember, replaceJsonValue } from './json-insert.js'
import { type JsonDocument, locateJsonNode } from './json-document.js'
import { removeJsonValue } from './json-remove.js'
import type { EditStep } from '../run-edits.js'
import type { DataPath } from '../value.js'

type AddItem = Extract<DocumentEdit, { type: 'add-item' | 'restore-item' }>

/** Adds our item as the last one of an array, or replaces our existing one. */
export function addJsonItem(document: JsonDocument, edit: AddItem): EditStep {
  const place = locateJsonNode(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type === 'blocked') return place.refusal
  if (place.type === 'missing') {
    const { splices, created, gap } = insertJsonMember(document, place, edit.path, [edit.value])
    const change = { place: edit.path, value: [edit.value] }
    return { type: 'step', splices, change, undo: createRemoveItemsEdit(edit, { created: created + 1, gap }) }
  }
  const array = place.node
  if (array.type !== 'array') {
    return refuseEditAt(document.text, array.offset, `${edit.path.join('.')} is no array`)
  }
  const next = findNextAddition(itemsOf(array), edit)
  if (next.type === 'unchanged') return next
  if (next.type === 'append') return append(document, array, edit)
  if (next.type === 'part') return removePart(document, array, next.place)
  const item = array.children?.[next.index] ?? array
  return next.type === 'remove' ? removeOne(document, item, edit, {}) : replaceOne(document, item, edit)
}

export function removeJsonItems(
  document: JsonDocument,
  edit: Extract<DocumentEdit, { type: 'remove-items' }>,
): EditStep {
  const place = locateJsonNode(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type !== 'found' || place.node.type !== 'array') return { type: 'unchanged' }
  const next = findNextRemoval(itemsOf(place.node), edit.ours)
  if (next.type === 'part') return removePart(document, place.node, next.place)
  const item = next.type === 'remove' ? place.node.children?.[next.index] : undefined
  return item === undefined ? { type: 'unchanged' } : removeOne(document, item, edit, edit)
}

function itemsOf(array: Node): unknown[] {
  return (array.children ?? []).map((item): unknown => getNodeValue(item))
}

function append(document: JsonDocument, array: Node, edit: AddItem): EditStep {
  const { splices, gap } = insertJsonItem(document, array, edit.value)
  const change = { place: [...edit.path, array.children?.length ?? 0], value: edit.value }
  return { type: 'step', splices, change, undo: createRemoveItemsEdit(edit, { gap }) }
}

function replaceOne(document: JsonDocument, item: Node, edit: AddItem): EditStep {
  const { value } = edit
  return {
    type: 'step',
    splices: [replaceJsonValue(document, item, value)],
    change: { place: getNodePath(item), value },
    undo: createRestoreItemEdit(edit, getNodeValue(item), value),
  }
}

function removeOne(
  document: JsonDocument,
  item: Node,
  edit: { path: readonly string[]; ours: OurMark },
  made: CreatedParentTables,
): EditStep {
  const { splices, place } = removeJsonValue(document, item, made)
  return {
    type: 'step',
    splices,
    change: { place, value: undefined },
    undo: createRestoreItemEdit(edit, getNodeValue(item), undefined),
  }
}

/** Removes our part from an item that has parts of others, too. No edit restores it, because the item is theirs. */
function removePart(document: JsonDocument, array: Node, part: DataPath): EditStep {
  const node = findNodeAtLocation(array, [...part])
  if (node === undefined) return { type: 'unchanged' }
  const { splices, place } = removeJsonValue(document, node, {})
  return { type: 'step', splices, change: { place, value: undefined }, undo: [] }
}
