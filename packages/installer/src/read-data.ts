import type { EditRefusal } from './edit/edit.js'
import { openDocumentText, type OpenDocumentText } from './edit/open-document-text.js'
import type { FileFormat } from './hosts/host.js'

export function parseHostFile(
  text: string,
  format: FileFormat,
  topLevelKeys?: readonly string[],
): { type: 'data'; data: unknown } | EditRefusal {
  const opened = openDocumentText(text, format)
  if (opened.type === 'refused') return opened
  return refuseUnknownTopKeys(opened, topLevelKeys) ?? { type: 'data', data: opened.data() }
}

/** The value at a path of a text; undefined also for a text that its host could not read. */
export function readValueInFile(text: string, format: FileFormat, path: readonly string[]): unknown {
  const opened = openDocumentText(text, format)
  return opened.type === 'opened' ? opened.getValueAt(path) : undefined
}

/** Refuses data with a top-level key that its host does not accept. */
export function refuseUnknownTopKeys(
  { data }: OpenDocumentText,
  topLevelKeys: readonly string[] | undefined,
): EditRefusal | undefined {
  const strange = topLevelKeys && Object.keys(data() ?? {}).filter((key) => !topLevelKeys.includes(key))
  if (strange === undefined || strange.length === 0) return undefined
  return { type: 'refused', why: `its host takes no ${strange.join(', ')} at its top` }
}
