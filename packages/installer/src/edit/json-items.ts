import { getNodePath, getNodeValue, type Node } from 'jsonc-parser'
import { refuseAt, restoringItem, takingOut, type Edit, type Made, type Refused } from './edit.js'
import { insertItem, insertMember, replaceValue } from './json-insert.js'
import type { JsonDocument } from './json-document.js'
import { locate } from './json-locate.js'
import { removeValue } from './json-remove.js'
import { isMixed, isOurs, type Ours } from './ours.js'
import type { Step } from './run-edits.js'
import { sameData } from './value.js'

type AddItem = Extract<Edit, { type: 'add-item' }>

/** Puts our item into an array: one, as the last, or in the place of ours that is there. */
export function addItem(document: JsonDocument, edit: AddItem): Step {
  const place = locate(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type === 'blocked') return place.refusal
  if (place.type === 'missing') {
    const { splices, created, gap } = insertMember(document, place, edit.path, [edit.value])
    const change = { place: edit.path, value: [edit.value] }
    return { type: 'step', splices, change, undo: takingOut(edit, { created: created + 1, gap }) }
  }
  const array = place.node
  if (array.type !== 'array') {
    return refuseAt(document.text, array.offset, `${edit.path.join('.')} is no array`)
  }
  const mine = ourItems(document, array, edit.ours)
  if (mine.type === 'refused') return mine
  const [first, ...others] = mine.items
  if (first === undefined) return append(document, array, edit)
  const extra = others.at(-1)
  if (extra !== undefined) return removeOne(document, extra, edit, {})
  if (sameData(getNodeValue(first), edit.value)) return { type: 'unchanged' }
  return {
    type: 'step',
    splices: [replaceValue(document, first, edit.value)],
    change: { place: getNodePath(first), value: edit.value },
    undo: restoringItem(edit, getNodeValue(first)),
  }
}

/** Takes our items out of an array, one in a step. */
export function removeItems(document: JsonDocument, edit: Extract<Edit, { type: 'remove-items' }>): Step {
  const place = locate(document, edit.path)
  if (place.type === 'refused') return place
  if (place.type !== 'found' || place.node.type !== 'array') return { type: 'unchanged' }
  const mine = ourItems(document, place.node, edit.ours)
  if (mine.type === 'refused') return mine
  const last = mine.items.at(-1)
  return last === undefined ? { type: 'unchanged' } : removeOne(document, last, edit, edit)
}

function append(document: JsonDocument, array: Node, edit: AddItem): Step {
  const { splices, gap } = insertItem(document, array, edit.value)
  const change = { place: [...edit.path, array.children?.length ?? 0], value: edit.value }
  return { type: 'step', splices, change, undo: takingOut(edit, { gap }) }
}

function removeOne(
  document: JsonDocument,
  item: Node,
  edit: { path: readonly string[]; ours: Ours },
  made: Made,
): Step {
  const { splices, place } = removeValue(document, item, made)
  return {
    type: 'step',
    splices,
    change: { place, value: undefined },
    undo: restoringItem(edit, getNodeValue(item)),
  }
}

function ourItems(
  { text }: JsonDocument,
  array: Node,
  ours: Ours,
): { type: 'items'; items: Node[] } | Refused {
  const items = array.children ?? []
  const mixed = items.find((item) => isMixed(getNodeValue(item), ours))
  if (mixed !== undefined) return refuseAt(text, mixed.offset, 'our entry shares this item with others')
  return { type: 'items', items: items.filter((item) => isOurs(getNodeValue(item), ours)) }
}
