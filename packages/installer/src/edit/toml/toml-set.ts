import { nextValueToSet, type WantedValue } from '../due.js'
import { refuseEditAt, restoreEdit, type Edit, type EditRefusal } from '../edit.js'
import type { EditStep } from '../run-edits.js'
import { lineBreakOf, type Splice } from '../splice.js'
import {
  isPathInside,
  isSamePath,
  type TomlDocument,
  findDottedKeys,
  headerOf,
  findObstacle,
} from './toml-document.js'
import { appendBlock, appendEntry, appendTopEntry } from './toml-lines.js'
import { hasNull, printBlock, printEntry, printKeys, printToml } from './toml-print.js'
import { isTable, JsonValue, valueAt, withValue } from '../value.js'

/** Adds a whole table to a TOML text, or only the keys that an existing table lacks. */
export function setToml(document: TomlDocument, edit: Extract<Edit, { type: 'set' }>): EditStep {
  const wanted = nextValueToSet(document.data, edit)
  if (wanted === undefined) return { type: 'unchanged' }
  const { path } = edit
  const refusal =
    findObstacle(document, path) ?? (isTable(edit.value) ? findDottedKeys(document, path) : undefined)
  if (refusal !== undefined) return refusal
  const whole = inWhole(document, path, wanted)
  return 'type' in whole ? whole : putToml(document, whole)
}

/** Writes a new value, or replaces one: a table as a block, every other value as a line. */
export function putToml(document: TomlDocument, { path, value }: WantedValue): EditStep {
  if (hasNull(value)) return { type: 'refused', why: `TOML has no null for ${path.join('.')}` }
  const refusal = findObstacle(document, path)
  if (refusal !== undefined) return refusal
  const change = { place: path, value }
  const old = valueAt(document.data, path)
  if (old === undefined) {
    const { splice, created } = insertToml(document, path, value)
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
  const splices = [{ ...entry.value, text: printToml(value) }]
  return { type: 'step', splices, change, undo: restoreEdit(path, old, value) }
}

/** Widens an edit inside an inline table to the whole table, which is written again with the keys that it has. */
function inWhole(
  document: TomlDocument,
  path: readonly string[],
  wanted: WantedValue,
): WantedValue | EditRefusal {
  const entry = document.entries.find(
    ({ place }) =>
      isPathInside(place, path) && isPathInside(wanted.path, place) && place.length < wanted.path.length,
  )
  if (entry === undefined) return wanted
  const place = wanted.path.slice(0, entry.place.length)
  const rest = wanted.path.slice(entry.place.length)
  const value = JsonValue.safeParse(withValue(valueAt(document.data, place), rest, wanted.value))
  if (value.success) return { path: place, value: value.data }
  return refuseEditAt(document.text, entry.range.start, `${place.join('.')} is an inline table with a date`)
}

/** Adds a value to a TOML document. `created` is 1 when a header was added for it. */
export function insertToml(
  document: TomlDocument,
  path: readonly string[],
  value: JsonValue,
): { splice: Splice; created: number } {
  const { text } = document
  if (isTable(value)) {
    const block = printBlock(`[${printKeys(path)}]`, value, lineBreakOf(text))
    return { splice: appendBlock(text, block), created: 0 }
  }
  const above = path.slice(0, -1)
  const key = path.at(-1) ?? ''
  if (above.length === 0) {
    return { splice: appendTopEntry(text, document.lastTop, printEntry(key, value)), created: 0 }
  }
  const header = headerOf(document, above)
  if (header !== undefined) return { splice: appendEntry(text, header, printEntry(key, value)), created: 0 }
  const block = printBlock(`[${printKeys(above)}]`, Object.fromEntries([[key, value]]), lineBreakOf(text))
  return { splice: appendBlock(text, block), created: 1 }
}
