import type { FileFormat } from '../hosts/host.js'
import type { DocumentEdit, EditOutcome, EditRefusal } from './edit.js'
import { editJson } from './json/edit-json.js'
import { editToml } from './toml/edit-toml.js'
import { parseJsonDocument, type JsonDocument, type JsonRules } from './json/json-document.js'
import type { EditRun } from './run-edits.js'
import { parseTomlDocument, type OpenTomlText } from './toml/toml-document.js'
import { getValueAt } from './value.js'

/** A text that its host can read. Parsing a long text is slow, so each one is parsed once for all its edits. */
export type OpenDocumentText = {
  type: 'opened'
  data(): unknown
  /** The value at a path; undefined for none. Faster than `data` for a long TOML. */
  getValueAt(path: readonly string[]): unknown
  /** Edits the text. `next` is the new text, already parsed. */
  edit(edits: readonly DocumentEdit[]): EditedText | { type: 'unchanged' } | EditRefusal
}

type EditedText = { type: 'edited'; text: string; undo: readonly DocumentEdit[]; next: OpenDocumentText }

const byteOrderMark = '\uFEFF'

/** The length in characters below which a text is parsed again each time. */
const shortText = 10_000

/** The long text that was parsed last, because the same file is planned several times. */
let last: { text: string; format: FileFormat; opened: OpenDocumentText | EditRefusal } | undefined

export function openDocumentText(text: string, format: FileFormat): OpenDocumentText | EditRefusal {
  if (text.length < shortText) return read(text, format)
  if (last?.text !== text || last.format !== format) last = { text, format, opened: read(text, format) }
  return last.opened
}

function read(text: string, format: FileFormat): OpenDocumentText | EditRefusal {
  const bom = text.startsWith(byteOrderMark) ? byteOrderMark : ''
  const body = text.slice(bom.length)
  if (format === 'toml') {
    const found = parseTomlDocument(body)
    return found.type === 'refused' ? found : openedToml(found.document, bom)
  }
  if (bom !== '' && !format.bom) return { type: 'refused', why: 'line 1: a byte order mark' }
  const found = parseJsonDocument(body, format)
  return found.type === 'refused' ? found : openedJson(found.document, bom, format)
}

export function editOpenDocumentText(
  text: string,
  edits: readonly DocumentEdit[],
  format: FileFormat,
): EditOutcome {
  const found = openDocumentText(text, format)
  if (found.type === 'refused') return found
  const edited = found.edit(edits)
  return edited.type === 'edited' ? { type: 'edited', text: edited.text, undo: edited.undo } : edited
}

function openedJson(document: JsonDocument, bom: string, rules: JsonRules): OpenDocumentText {
  return {
    type: 'opened',
    data: () => document.data,
    getValueAt: (path) => getValueAt(document.data, path),
    edit: (edits) => withText(editJson(document, edits, rules), bom, (next) => openedJson(next, bom, rules)),
  }
}

function openedToml(document: OpenTomlText, bom: string): OpenDocumentText {
  return {
    type: 'opened',
    data: document.data,
    getValueAt: (path) => {
      const part = document.part(new Set(path.slice(0, 1)))
      return part.type === 'refused' ? undefined : getValueAt(part.document.data, path)
    },
    edit: (edits) => withText(editToml(document, edits), bom, (next) => openedToml(next, bom)),
  }
}

function withText<D extends { text: string }>(
  ran: EditRun<D>,
  bom: string,
  open: (document: D) => OpenDocumentText,
) {
  if (ran.type !== 'edited') return ran
  const { document, undo } = ran
  return { type: 'edited' as const, text: bom + document.text, undo, next: open(document) }
}
