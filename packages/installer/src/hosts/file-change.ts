import { stringify } from 'smol-toml'
import type { Edit } from '../edit/edit.js'
import type { JsonRules } from '../edit/json/json-document.js'
import type { JsonValue } from '../edit/value.js'
import type { FileChange, FileFormat } from './host.js'

/** A change of a file with a snippet to paste by hand. */
export function fileChange(change: Omit<FileChange, 'snippet'>): FileChange {
  return { ...change, snippet: snippet(change) }
}

/** Plain JSON. */
export const plainJson: JsonRules = { comments: false, trailingCommas: false, bom: false }

/** JSON whose reader drops a byte order mark. */
export const jsonAfterBom: JsonRules = { ...plainJson, bom: true }

/** JSON with comments and trailing commas, like the settings of editors. */
export const relaxedJson: JsonRules = { comments: true, trailingCommas: true, bom: false }

function snippet({ format, edits }: { format: FileFormat; edits: readonly Edit[] }): string {
  const document = edits.reduce(withEdit, {})
  return format === 'toml' ? stringify(document) : `${JSON.stringify(document, null, 2)}\n`
}

type Table = Record<string, JsonValue>

/** A document with our entries alone. */
function withEdit(document: Table, edit: Edit): Table {
  if (edit.type === 'set') return withValue(document, edit.path, () => edit.value)
  if (edit.type === 'remove' || edit.type === 'remove-items') return document
  return withValue(document, edit.path, (items) => [...(Array.isArray(items) ? items : []), edit.value])
}

function withValue(
  table: Table,
  path: readonly string[],
  value: (old: JsonValue | undefined) => JsonValue,
): Table {
  const [key, ...rest] = path
  if (key === undefined) return table
  const old = table[key]
  return { ...table, [key]: rest.length === 0 ? value(old) : withValue(asTable(old), rest, value) }
}

function asTable(value: JsonValue | undefined): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
