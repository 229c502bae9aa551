import { findNodeAtLocation, getNodePath, getNodeValue, type Node } from 'jsonc-parser'
import { refuseEditAt, restoreItemEdit, removeItemsEdit, type Edit, type NewContainers } from '../edit.js'
import { nextAddition, nextRemoval, type OurMark } from '../ours.js'
import { insertItem, insertMember, replaceValue } from './json-insert.js'
import { type JsonDocument, locateNode } from './json-document.js'
import { removeValue } from './json-remove.js'
import type { EditStep } from '../run-edits.js'
import type { DataPath } from '../value.js'

type AddItem = Extract<Edit, { type: 'add-item' | 'restore-item' }>

/** Adds our item as the last one of an array, or replaces our existing one. */
export function addItem(document: JsonDocument, edit: AddItem): EditStep {
  const place = locateNode(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type === 'blocked') return place.refusal
  if (place.type === 'missing') {
    const { splices, created, gap } = insertMember(document, place, edit.path, [edit.value])
    const change = { place: edit.path, value: [edit.value] }
    return { type: 'step', splices, change, undo: removeItemsEdit(edit, { created: created + 1, gap }) }
  }
  const array = place.node
  if (array.type !== 'array') {
    return refuseEditAt(document.text, array.offset, `${edit.path.join('.')} is no array`)
  }
  const next = nextAddition(itemsOf(array), edit)
  if (next.type === 'unchanged') return next
  if (next.type === 'append') return append(document, array, edit)
  if (next.type === 'part') return removePart(document, array, next.place)
  const item = array.children?.[next.index] ?? array
  return next.type === 'remove' ? removeOne(document, item, edit, {}) : replaceOne(document, item, edit)
}

/** Removes our items from an array, one in each step. */
export function removeItems(document: JsonDocument, edit: Extract<Edit, { type: 'remove-items' }>): EditStep {
  const place = locateNode(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type !== 'found' || place.node.type !== 'array') return { type: 'unchanged' }
  const next = nextRemoval(itemsOf(place.node), edit.ours)
  if (next.type === 'part') return removePart(document, place.node, next.place)
  const item = next.type === 'remove' ? place.node.children?.[next.index] : undefined
  return item === undefined ? { type: 'unchanged' } : removeOne(document, item, edit, edit)
}

function itemsOf(array: Node): unknown[] {
  return (array.children ?? []).map((item): unknown => getNodeValue(item))
}

function append(document: JsonDocument, array: Node, edit: AddItem): EditStep {
  const { splices, gap } = insertItem(document, array, edit.value)
  const change = { place: [...edit.path, array.children?.length ?? 0], value: edit.value }
  return { type: 'step', splices, change, undo: removeItemsEdit(edit, { gap }) }
}

function replaceOne(document: JsonDocument, item: Node, edit: AddItem): EditStep {
  const { value } = edit
  return {
    type: 'step',
    splices: [replaceValue(document, item, value)],
    change: { place: getNodePath(item), value },
    undo: restoreItemEdit(edit, getNodeValue(item), value),
  }
}

function removeOne(
  document: JsonDocument,
  item: Node,
  edit: { path: readonly string[]; ours: OurMark },
  made: NewContainers,
): EditStep {
  const { splices, place } = removeValue(document, item, made)
  return {
    type: 'step',
    splices,
    change: { place, value: undefined },
    undo: restoreItemEdit(edit, getNodeValue(item), undefined),
  }
}

/** Removes our part from an item that has parts of others, too. No edit restores it, because the item is theirs. */
function removePart(document: JsonDocument, array: Node, part: DataPath): EditStep {
  const node = findNodeAtLocation(array, [...part])
  if (node === undefined) return { type: 'unchanged' }
  const { splices, place } = removeValue(document, node, {})
  return { type: 'step', splices, change: { place, value: undefined }, undo: [] }
}
