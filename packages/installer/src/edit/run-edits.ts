import { doesEditApply, refuseForeignValue } from './edit-conditions.js'
import { refuseTooDeepDocument, type DocumentEdit, type EditRefusal } from './edit.js'
import { applySplices, type Splice } from './splice.js'
import { isSameData, copyWithValueAt, type DataPath, type JsonValue } from './value.js'

export type ParsedDocument = { text: string; data: unknown }

/** The splices of one edit, and the data that the text must have afterwards (undefined for none). */
export type EditStep =
  | {
      type: 'step'
      splices: readonly Splice[]
      change: { place: DataPath; value: JsonValue | undefined }
      undo: readonly DocumentEdit[]
    }
  | { type: 'unchanged' }
  | EditRefusal

export type DocumentEditor<D extends ParsedDocument> = {
  read: (text: string) => { type: 'document'; document: D } | EditRefusal
  step: (document: D, edit: DocumentEdit) => EditStep
}

/** The largest number of steps of an edit. It has several when it sets keys of an existing table or removes several items. */
const mostSteps = 100

/** A document after all edits, and the edits that undo them, in order. */
export type EditRun<D> =
  | { type: 'edited'; document: D; undo: readonly DocumentEdit[] }
  | { type: 'unchanged' }
  | EditRefusal

/** Runs edits in turn. Each result is parsed again and must have the old data plus the edit; otherwise all edits are refused. */
export function runDocumentEdits<D extends ParsedDocument>(
  first: D,
  edits: readonly DocumentEdit[],
  editor: DocumentEditor<D>,
): EditRun<D> {
  return refuseTooDeepDocument(() => runAll(first, edits, editor))
}

function runAll<D extends ParsedDocument>(
  first: D,
  edits: readonly DocumentEdit[],
  editor: DocumentEditor<D>,
): EditRun<D> {
  let document = first
  const undo: DocumentEdit[] = []
  for (const edit of edits) {
    const done = runEdit(document, edit, editor)
    if (done.type === 'refused') return done
    document = done.document
    undo.unshift(...done.undo)
  }
  return document.text === first.text ? { type: 'unchanged' } : { type: 'edited', document, undo }
}

function runEdit<D extends ParsedDocument>(start: D, edit: DocumentEdit, editor: DocumentEditor<D>) {
  const foreign = refuseForeignValue(start.data, edit)
  if (foreign) return foreign
  let document = start
  const undo: DocumentEdit[] = []
  for (let count = 0; count < mostSteps; count += 1) {
    const step: EditStep = doesEditApply(document.data, edit)
      ? editor.step(document, edit)
      : { type: 'unchanged' }
    if (step.type === 'unchanged') return { type: 'done' as const, document, undo }
    if (step.type === 'refused') return step
    const read = editor.read(applySplices(document.text, step.splices))
    if (read.type === 'refused') return unsafe(edit, read.why)
    const expected = copyWithValueAt(document.data, step.change.place, step.change.value)
    if (!isSameData(read.document.data, expected)) return unsafe(edit, 'it would change more than our entry')
    document = read.document
    undo.unshift(...step.undo)
  }
  return unsafe(edit, 'it does not come to an end')
}

function unsafe(edit: DocumentEdit, why: string): EditRefusal {
  return { type: 'refused', why: `${edit.path.join('.')} cannot be edited safely: ${why}` }
}
