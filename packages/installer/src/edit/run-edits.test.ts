import { expect, test } from 'vitest'
import type { DocumentEdit } from './edit.js'
import { runDocumentEdits, type ParsedDocument, type EditStep } from './run-edits.js'
import { createInsertSplice, type Splice } from './splice.js'

const edit: DocumentEdit = { type: 'set', path: ['ours'], value: 1 }
const undo: DocumentEdit[] = [{ type: 'remove', path: ['ours'] }]

/** Runs edits on a text of words, each a key with value 1. `splices` are what a faulty editor returns for the key `ours`. */
function run(splices: readonly Splice[]) {
  const step = ({ text }: ParsedDocument): EditStep =>
    text.includes('ours')
      ? { type: 'unchanged' }
      : { type: 'step', splices, change: { place: ['ours'], value: 1 }, undo }
  return runDocumentEdits(documentOf('a b'), [edit], { read, step })
}

function read(
  text: string,
): { type: 'document'; document: ParsedDocument } | { type: 'refused'; why: string } {
  if (text.includes('!')) return { type: 'refused', why: 'line 1: !' }
  return { type: 'document', document: documentOf(text) }
}

function documentOf(text: string): ParsedDocument {
  return { text, data: Object.fromEntries(text.split(' ').map((word) => [word, 1])) }
}

test.each([
  ['loses a key', [{ start: 0, end: 2, text: 'ours ' }], 'it would change more than our entry'],
  ['adds another', [createInsertSplice(3, ' ours c')], 'it would change more than our entry'],
  ['adds nothing', [], 'it would change more than our entry'],
  ['breaks the text', [createInsertSplice(3, ' ours!')], 'line 1: !'],
])('an edit that %s is refused', (_, splices, why) => {
  expect(run(splices)).toEqual({ type: 'refused', why: `ours cannot be edited safely: ${why}` })
})

test('accepts an edit with the expected data, in any order of keys', () => {
  expect(run([createInsertSplice(0, 'ours ')])).toEqual({
    type: 'edited',
    document: documentOf('ours a b'),
    undo,
  })
})

test('refuses an edit that never ends', () => {
  const step = (): EditStep => ({ type: 'step', splices: [], change: { place: ['a'], value: 1 }, undo })
  expect(runDocumentEdits(documentOf('a'), [edit], { read, step })).toMatchObject({ type: 'refused' })
})
