import { stringify } from 'smol-toml'
import type { DocumentEdit } from '../edit/edit.js'
import type { JsonRules } from '../edit/json/json-document.js'
import { getValueAt, copyWithValueAt } from '../edit/value.js'
import type { FileChange, FileFormat } from './host.js'

export function fileChange(change: Omit<FileChange, 'snippet'>): FileChange {
  return { ...change, snippet: snippet(change) }
}

export const plainJsonRules: JsonRules = { comments: false, trailingCommas: false, bom: false }

/** JSON whose reader drops a byte order mark. */
export const jsonWithBomRules: JsonRules = { ...plainJsonRules, bom: true }

/** JSON with comments and trailing commas, like the settings of editors. */
export const relaxedJsonRules: JsonRules = { comments: true, trailingCommas: true, bom: false }

function snippet({ format, edits }: { format: FileFormat; edits: readonly DocumentEdit[] }): string {
  const document = edits.reduce<unknown>(withEdit, {})
  return format === 'toml' ? stringify(document) : `${JSON.stringify(document, null, 2)}\n`
}

function withEdit(document: unknown, edit: DocumentEdit): unknown {
  if (edit.type === 'set') return copyWithValueAt(document, edit.path, edit.value)
  if (edit.type === 'remove' || edit.type === 'remove-items') return document
  const items = getValueAt(document, edit.path)
  const list: readonly unknown[] = Array.isArray(items) ? items : []
  return copyWithValueAt(document, edit.path, [...list, edit.value])
}
