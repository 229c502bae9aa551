import type { FileFormat } from '../hosts/host.js'
import type { Edit, Edited, Refused } from './edit.js'
import { editJson } from './json/edit-json.js'
import { editToml } from './toml/edit-toml.js'
import { readJson } from './json/json-document.js'
import type { Document, Ran } from './run-edits.js'
import { parseToml } from './toml/toml-document.js'

/** A parsed text. Parsing a long text is slow, so each one is parsed once for all its edits. */
export type OpenText = {
  type: 'opened'
  data: unknown
  /** `next` is the new text, already parsed. */
  edit: (edits: readonly Edit[]) => EditedText | { type: 'unchanged' } | Refused
}

type EditedText = { type: 'edited'; text: string; undo: readonly Edit[]; next: OpenText }

const byteOrderMark = '\uFEFF'

/** The text that was parsed last, because the same file is planned several times. */
let last: { text: string; format: FileFormat; opened: OpenText | Refused } | undefined

/** Parses a text as strictly as its host. */
export function openText(text: string, format: FileFormat): OpenText | Refused {
  if (last?.text !== text || last.format !== format) last = { text, format, opened: read(text, format) }
  return last.opened
}

function read(text: string, format: FileFormat): OpenText | Refused {
  const bom = text.startsWith(byteOrderMark) ? byteOrderMark : ''
  const body = text.slice(bom.length)
  if (format === 'toml') {
    const parsed = parseToml(body)
    if (parsed.type === 'refused') return parsed
    return opened({ text: body, data: parsed.data }, bom, editToml)
  }
  if (bom !== '' && !format.bom) return { type: 'refused', why: 'line 1: a byte order mark' }
  const found = readJson(body, format)
  if (found.type === 'refused') return found
  return opened(found.document, bom, (document, edits) => editJson(document, edits, format))
}

/** Edits one text. */
export function editText(text: string, edits: readonly Edit[], format: FileFormat): Edited {
  const found = openText(text, format)
  if (found.type === 'refused') return found
  const edited = found.edit(edits)
  return edited.type === 'edited' ? { type: 'edited', text: edited.text, undo: edited.undo } : edited
}

function opened<D extends Document>(
  document: D,
  bom: string,
  run: (document: D, edits: readonly Edit[]) => Ran<D>,
): OpenText {
  return {
    type: 'opened',
    data: document.data,
    edit: (edits) => {
      const ran = run(document, edits)
      if (ran.type !== 'edited') return ran
      const { text } = ran.document
      return { type: 'edited', text: bom + text, undo: ran.undo, next: opened(ran.document, bom, run) }
    },
  }
}
