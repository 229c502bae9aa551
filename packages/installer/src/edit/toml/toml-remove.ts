import { restoreEdit, type Edit, type NewContainers } from '../edit.js'
import type { EditStep } from '../run-edits.js'
import type { Splice } from '../splice.js'
import {
  isPathInside,
  endOfBlock,
  isSamePath,
  type TomlBlock,
  type TomlDocument,
  type TomlEntry,
  findDottedKeys,
  headerOf,
  findObstacle,
} from './toml-document.js'
import { cutTable, cutLine } from './toml-lines.js'
import { hasComment } from './toml-scan.js'
import { isTable, valueAt, type DataPath } from '../value.js'

/** Removes the value at a path, and the header above it if that was created for it and is empty now. */
export function removeToml(document: TomlDocument, edit: Extract<Edit, { type: 'remove' }>): EditStep {
  const { path } = edit
  const old = valueAt(document.data, path)
  if (old === undefined) return { type: 'unchanged' }
  const refusal = findObstacle(document, path) ?? findDottedKeys(document, path)
  if (refusal !== undefined) return refusal
  const entry = document.entries.find(({ place }) => isSamePath(place, path))
  const { splices, place } =
    entry === undefined ? dropTables(document, path) : dropEntry(document, entry, edit)
  return {
    type: 'step',
    splices,
    change: { place, value: undefined },
    undo: restoreEdit(path, old, undefined),
  }
}

/** Removes the blocks at a place and below it. */
export function dropTables(document: TomlDocument, path: DataPath): { splices: Splice[]; place: DataPath } {
  const blocks = document.blocks.filter(({ place }) => isPathInside(place, path))
  return {
    splices: blocks.map((block) => cutTable(document.text, block)),
    place: vanishing(document, path),
  }
}

/** Removes an entry, with its header if that was created for it. */
export function dropEntry(
  document: TomlDocument,
  entry: TomlEntry,
  made: NewContainers,
): { splices: Splice[]; place: DataPath } {
  const { text } = document
  const header = document.blocks.find(({ place }) => isSamePath(place, entry.table))
  if (header?.entries.length !== 1 || (made.created ?? 0) === 0 || hasRemark(document, header)) {
    return { splices: [cutLine(text, entry)], place: entry.place }
  }
  const place = isSole(document, entry.table) ? vanishing(document, entry.table) : entry.place
  return { splices: [cutTable(text, header)], place }
}

/** The outermost table that disappears with the value at a place, because it has no header of its own. */
function vanishing(document: TomlDocument, path: DataPath): DataPath {
  const above = path.slice(0, -1)
  if (above.length === 0 || !isSole(document, above) || headerOf(document, above) !== undefined) return path
  return vanishing(document, above)
}

function isSole(document: TomlDocument, place: DataPath): boolean {
  const members = valueAt(document.data, place)
  if (Array.isArray(members)) return members.length === 1
  return isTable(members) && Object.keys(members).length === 1
}

function hasRemark({ text }: TomlDocument, block: TomlBlock): boolean {
  return hasComment(text.slice(block.range.start, endOfBlock(block)))
}
