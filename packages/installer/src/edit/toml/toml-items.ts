import {
  refuseEditAt,
  createRestoreItemEdit,
  createRemoveItemsEdit,
  type DocumentEdit,
  type CreatedParentTables,
} from '../edit.js'
import { findNextAddition, findNextRemoval, type OurMark } from '../our-items.js'
import {
  appendListItem,
  findEmptyListSpace,
  removeListItem,
  type ItemLayout,
  type TextList,
  type ListMark,
} from '../list.js'
import type { EditStep } from '../run-edits.js'
import { readLineIndent, detectLineBreak, isFirstInLine, type TextRange } from '../splice.js'
import {
  isPathAtOrBelow,
  isSamePath,
  type TomlDocument,
  type TomlEntry,
  findEditObstacle,
} from './toml-document.js'
import { appendTomlBlock, removeTomlTable, overwriteTomlBlock } from './toml-lines.js'
import { scanTomlArray } from './toml-scan.js'
import { containsNull, printTomlBlock, printTomlKeys, printTomlValue } from './toml-print.js'
import { removeTomlTables, removeTomlEntry } from './toml-remove.js'
import { insertTomlValue } from './toml-set.js'
import { isDataTable, getValueAt, type DataPath } from '../value.js'

type AddItem = Extract<DocumentEdit, { type: 'add-item' | 'restore-item' }>

/** Adds our item as the last one of an array, or replaces our existing one. */
export function addTomlItem(document: TomlDocument, edit: AddItem): EditStep {
  const { path, value } = edit
  if (containsNull(value)) return { type: 'refused', why: `TOML has no null for ${path.join('.')}` }
  const refusal = findEditObstacle(document, path)
  if (refusal !== undefined) return refusal
  const items = getValueAt(document.data, path)
  if (items === undefined) return addFirst(document, edit)
  if (!Array.isArray(items)) return { type: 'refused', why: `${path.join('.')} is no array` }
  const next = findNextAddition(items, edit)
  if (next.type === 'unchanged') return next
  if (next.type === 'append') return addNext(document, edit, items.length)
  if (next.type === 'part') return removePart(document, path, next.place)
  return next.type === 'remove'
    ? removeOne(document, edit, next.index)
    : replaceOne(document, edit, next.index)
}

export function removeTomlItems(
  document: TomlDocument,
  edit: Extract<DocumentEdit, { type: 'remove-items' }>,
): EditStep {
  const items = getValueAt(document.data, edit.path)
  const next = findNextRemoval(Array.isArray(items) ? items : [], edit.ours)
  if (next.type !== 'part' && next.type !== 'remove') return { type: 'unchanged' }
  const refusal = findEditObstacle(document, edit.path)
  if (refusal !== undefined) return refusal
  if (next.type === 'part') return removePart(document, edit.path, next.place)
  return removeOne(document, edit, next.index, edit)
}

function addFirst(document: TomlDocument, edit: AddItem): EditStep {
  const { path, value } = edit
  const change = { place: path, value: [value] }
  if (isDataTable(value)) {
    return {
      type: 'step',
      splices: [appendTable(document, edit)],
      change,
      undo: createRemoveItemsEdit(edit, {}),
    }
  }
  const { splice, created } = insertTomlValue(document, path, [value])
  return {
    type: 'step',
    splices: [splice],
    change,
    undo: createRemoveItemsEdit(edit, { created: created + 1 }),
  }
}

function addNext(document: TomlDocument, edit: AddItem, index: number): EditStep {
  const change = { place: [...edit.path, index], value: edit.value }
  const array = arrayAt(document, edit.path)
  if (array === undefined) {
    return {
      type: 'step',
      splices: [appendTable(document, edit)],
      change,
      undo: createRemoveItemsEdit(edit, {}),
    }
  }
  const list = tomlListOf(document, array)
  const splices = appendListItem(list, printTomlValue(edit.value), tomlLayoutOf(list))
  return {
    type: 'step',
    splices,
    change,
    undo: createRemoveItemsEdit(edit, index === 0 ? { gap: findEmptyListSpace(list) } : {}),
  }
}

function replaceOne(document: TomlDocument, edit: AddItem, index: number): EditStep {
  const place = [...edit.path, index]
  const change = { place, value: edit.value }
  const undo = createRestoreItemEdit(edit, getValueAt(document.data, place), edit.value)
  const array = arrayAt(document, edit.path)
  const element = array && tomlListOf(document, array).items[index]
  if (element !== undefined) {
    return { type: 'step', splices: [{ ...element, text: printTomlValue(edit.value) }], change, undo }
  }
  const [first, ...others] = document.blocks.filter((block) => isPathAtOrBelow(block.place, place))
  if (first === undefined)
    return { type: 'refused', why: `${edit.path.join('.')} stands there in another form` }
  const removals = others.map((block) => removeTomlTable(document.text, block))
  const splices = [overwriteTomlBlock(document.text, first, printTable(document, edit)), ...removals]
  return { type: 'step', splices, change, undo }
}

function removeOne(
  document: TomlDocument,
  { path, ours }: { path: readonly string[]; ours: OurMark },
  index: number,
  made: CreatedParentTables = {},
): EditStep {
  const removed = removeAt(document, [...path, index], made)
  const undo = createRestoreItemEdit({ path, ours }, getValueAt(document.data, [...path, index]), undefined)
  return {
    type: 'step',
    splices: removed.splices,
    change: { place: removed.place, value: undefined },
    undo,
  }
}

/** Removes our part from an item that has parts of others, too. No edit restores it, because the item is theirs. */
function removePart(document: TomlDocument, path: readonly string[], part: DataPath): EditStep {
  const { splices, place } = removeAt(document, [...path, ...part], {})
  if (splices.length > 0) return { type: 'step', splices, change: { place, value: undefined }, undo: [] }
  const around = document.entries.find((entry) => isSamePath(entry.place, path))
  return refuseEditAt(document.text, around?.range.start ?? 0, 'our entry shares this item with others')
}

function removeAt(document: TomlDocument, place: DataPath, { created = 0, gap }: CreatedParentTables) {
  const entry = document.entries.find((other) => isSamePath(other.place, place.slice(0, -1)))
  if (entry === undefined || !isArray(document, entry)) return removeTomlTables(document, place)
  const list = tomlListOf(document, entry.value)
  const isSole = list.items.length === 1 && list.marks.every((mark) => mark.type === 'comma')
  if (isSole && created > 0) return removeTomlEntry(document, entry, { created: created - 1 })
  return { splices: removeListItem(list, Number(place.at(-1)), gap), place }
}

function arrayAt(document: TomlDocument, path: readonly string[]): TextRange | undefined {
  const entry = document.entries.find(({ place }) => isSamePath(place, path))
  return entry && isArray(document, entry) ? entry.value : undefined
}

function isArray({ text }: TomlDocument, { value }: TomlEntry): boolean {
  return text[value.start] === '['
}

/** A new table of an array of tables goes to the end of the text, behind the tables of the last one. */
function appendTable(document: TomlDocument, edit: AddItem) {
  return appendTomlBlock(document.text, printTable(document, edit))
}

function printTable({ text }: TomlDocument, { path, value }: AddItem): string {
  return printTomlBlock(`[[${printTomlKeys(path)}]]`, value, detectLineBreak(text))
}

function tomlListOf({ text }: TomlDocument, array: TextRange): TextList {
  const { items, commas, comments } = scanTomlArray(text, array.start)
  const marks = [...commas.map(markOf('comma')), ...comments.map(markOf('line-comment'))]
  const [open, close] = [array.start + 1, array.end - 1]
  return { text, open, close, items, marks: marks.toSorted((left, right) => left.start - right.start) }
}

/** The layout of a new item of an array. An empty array in one line stays in one line. */
function tomlLayoutOf(list: TextList): ItemLayout {
  const lineBreak = detectLineBreak(list.text)
  const last = list.items.at(-1)
  const closing = readLineIndent(list.text, list.close)
  const isMultiLine =
    last === undefined ? findEmptyListSpace(list).includes('\n') : isFirstInLine(list.text, last.start)
  if (!isMultiLine) return { lineBreak, lead: { type: 'space', space: ' ' } }
  const indent = last === undefined ? `${closing}  ` : readLineIndent(list.text, last.start)
  return { lineBreak, lead: { type: 'line', indent, closing } }
}

function markOf(type: ListMark['type']) {
  return (range: TextRange): ListMark => ({ type, ...range })
}
