import { stringify } from 'smol-toml'
import type { Edit } from '../edit/edit.js'
import type { JsonRules } from '../edit/json/json-document.js'
import { valueAt, withValueAt } from '../edit/value.js'
import type { FileChange, FileFormat } from './host.js'

export function fileChange(change: Omit<FileChange, 'snippet'>): FileChange {
  return { ...change, snippet: snippet(change) }
}

export const plainJson: JsonRules = { comments: false, trailingCommas: false, bom: false }

/** JSON whose reader drops a byte order mark. */
export const jsonWithBom: JsonRules = { ...plainJson, bom: true }

/** JSON with comments and trailing commas, like the settings of editors. */
export const relaxedJson: JsonRules = { comments: true, trailingCommas: true, bom: false }

function snippet({ format, edits }: { format: FileFormat; edits: readonly Edit[] }): string {
  const document = edits.reduce<unknown>(withEdit, {})
  return format === 'toml' ? stringify(document) : `${JSON.stringify(document, null, 2)}\n`
}

function withEdit(document: unknown, edit: Edit): unknown {
  if (edit.type === 'set') return withValueAt(document, edit.path, edit.value)
  if (edit.type === 'remove' || edit.type === 'remove-items') return document
  const items = valueAt(document, edit.path)
  const list: readonly unknown[] = Array.isArray(items) ? items : []
  return withValueAt(document, edit.path, [...list, edit.value])
}
