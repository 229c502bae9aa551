import { createRestoreEdit, type DocumentEdit, type CreatedParentTables } from '../edit.js'
import type { EditStep } from '../run-edits.js'
import type { Splice } from '../splice.js'
import {
  isPathAtOrBelow,
  findTomlBlockEnd,
  isSamePath,
  type TomlBlock,
  type TomlDocument,
  type TomlEntry,
  findDottedTomlEntry,
  findTomlHeader,
  findEditObstacle,
} from './toml-document.js'
import { removeTomlTable, removeTomlEntryLine } from './toml-lines.js'
import { tomlHasComment } from './toml-scan.js'
import { isDataTable, getValueAt, type DataPath } from '../value.js'

/** Removes the value at a path, and the header above it if that was created for it and is empty now. */
export function removeTomlValue(
  document: TomlDocument,
  edit: Extract<DocumentEdit, { type: 'remove' }>,
): EditStep {
  const { path } = edit
  const old = getValueAt(document.data, path)
  if (old === undefined) return { type: 'unchanged' }
  const refusal = findEditObstacle(document, path) ?? findDottedTomlEntry(document, path)
  if (refusal !== undefined) return refusal
  const entry = document.entries.find(({ place }) => isSamePath(place, path))
  const { splices, place } =
    entry === undefined ? removeTomlTables(document, path) : removeTomlEntry(document, entry, edit)
  return {
    type: 'step',
    splices,
    change: { place, value: undefined },
    undo: createRestoreEdit(path, old, undefined),
  }
}

export function removeTomlTables(
  document: TomlDocument,
  path: DataPath,
): { splices: Splice[]; place: DataPath } {
  const blocks = document.blocks.filter(({ place }) => isPathAtOrBelow(place, path))
  return {
    splices: blocks.map((block) => removeTomlTable(document.text, block)),
    place: vanishing(document, path),
  }
}

export function removeTomlEntry(
  document: TomlDocument,
  entry: TomlEntry,
  made: CreatedParentTables,
): { splices: Splice[]; place: DataPath } {
  const { text } = document
  const header = document.blocks.find(({ place }) => isSamePath(place, entry.table))
  if (header?.entries.length !== 1 || (made.created ?? 0) === 0 || hasRemark(document, header)) {
    return { splices: [removeTomlEntryLine(text, entry)], place: entry.place }
  }
  const place = isSole(document, entry.table) ? vanishing(document, entry.table) : entry.place
  return { splices: [removeTomlTable(text, header)], place }
}

/** The outermost table that disappears with the value at a place, because it has no header of its own. */
function vanishing(document: TomlDocument, path: DataPath): DataPath {
  const above = path.slice(0, -1)
  if (above.length === 0 || !isSole(document, above) || findTomlHeader(document, above) !== undefined)
    return path
  return vanishing(document, above)
}

function isSole(document: TomlDocument, place: DataPath): boolean {
  const members = getValueAt(document.data, place)
  if (Array.isArray(members)) return members.length === 1
  return isDataTable(members) && Object.keys(members).length === 1
}

function hasRemark({ text }: TomlDocument, block: TomlBlock): boolean {
  return tomlHasComment(text.slice(block.range.start, findTomlBlockEnd(block)))
}
