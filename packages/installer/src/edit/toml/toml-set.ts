import { findNextValueToSet, type SetValueRequest } from '../edit-conditions.js'
import { refuseEditAt, createRestoreEdit, type DocumentEdit, type EditRefusal } from '../edit.js'
import type { EditStep } from '../run-edits.js'
import { detectLineBreak, type Splice } from '../splice.js'
import {
  isPathAtOrBelow,
  isSamePath,
  type TomlDocument,
  findDottedTomlEntry,
  findTomlHeader,
  findEditObstacle,
} from './toml-document.js'
import { appendTomlBlock, appendTomlEntry, appendTopTomlEntry } from './toml-lines.js'
import { containsNull, printTomlBlock, printTomlEntry, printTomlKeys, printTomlValue } from './toml-print.js'
import { isDataTable, JsonValue, getValueAt, copyWithValueAt } from '../value.js'

/** Adds a whole table to a TOML text, or only the keys that an existing table lacks. */
export function setTomlValue(document: TomlDocument, edit: Extract<DocumentEdit, { type: 'set' }>): EditStep {
  const wanted = findNextValueToSet(document.data, edit)
  if (wanted === undefined) return { type: 'unchanged' }
  const { path } = edit
  const refusal =
    findEditObstacle(document, path) ??
    (isDataTable(edit.value) ? findDottedTomlEntry(document, path) : undefined)
  if (refusal !== undefined) return refusal
  const whole = inWhole(document, path, wanted)
  return 'type' in whole ? whole : putTomlValue(document, whole)
}

/** Writes a new value, or replaces one: a table as a block, every other value as a line. */
export function putTomlValue(document: TomlDocument, { path, value }: SetValueRequest): EditStep {
  if (containsNull(value)) return { type: 'refused', why: `TOML has no null for ${path.join('.')}` }
  const refusal = findEditObstacle(document, path)
  if (refusal !== undefined) return refusal
  const change = { place: path, value }
  const old = getValueAt(document.data, path)
  if (old === undefined) {
    const { splice, created } = insertTomlValue(document, path, value)
    return {
      type: 'step',
      splices: [splice],
      change,
      undo: [{ type: 'remove', path, created, wrote: value }],
    }
  }
  const entry = document.entries.find(({ place }) => isSamePath(place, path))
  if (entry === undefined) {
    return { type: 'refused', why: `${path.join('.')} stands there in another form` }
  }
  const splices = [{ ...entry.value, text: printTomlValue(value) }]
  return { type: 'step', splices, change, undo: createRestoreEdit(path, old, value) }
}

/** Widens an edit inside an inline table to the whole table, which is written again with the keys that it has. */
function inWhole(
  document: TomlDocument,
  path: readonly string[],
  wanted: SetValueRequest,
): SetValueRequest | EditRefusal {
  const entry = document.entries.find(
    ({ place }) =>
      isPathAtOrBelow(place, path) &&
      isPathAtOrBelow(wanted.path, place) &&
      place.length < wanted.path.length,
  )
  if (entry === undefined) return wanted
  const place = wanted.path.slice(0, entry.place.length)
  const rest = wanted.path.slice(entry.place.length)
  const value = JsonValue.safeParse(copyWithValueAt(getValueAt(document.data, place), rest, wanted.value))
  if (value.success) return { path: place, value: value.data }
  return refuseEditAt(document.text, entry.range.start, `${place.join('.')} is an inline table with a date`)
}

/** Adds a value to a TOML document. `created` is 1 when a header was added for it. */
export function insertTomlValue(
  document: TomlDocument,
  path: readonly string[],
  value: JsonValue,
): { splice: Splice; created: number } {
  const { text } = document
  if (isDataTable(value)) {
    const block = printTomlBlock(`[${printTomlKeys(path)}]`, value, detectLineBreak(text))
    return { splice: appendTomlBlock(text, block), created: 0 }
  }
  const above = path.slice(0, -1)
  const key = path.at(-1) ?? ''
  if (above.length === 0) {
    return { splice: appendTopTomlEntry(text, document.lastTop, printTomlEntry(key, value)), created: 0 }
  }
  const header = findTomlHeader(document, above)
  if (header !== undefined)
    return { splice: appendTomlEntry(text, header, printTomlEntry(key, value)), created: 0 }
  const block = printTomlBlock(
    `[${printTomlKeys(above)}]`,
    Object.fromEntries([[key, value]]),
    detectLineBreak(text),
  )
  return { splice: appendTomlBlock(text, block), created: 1 }
}
