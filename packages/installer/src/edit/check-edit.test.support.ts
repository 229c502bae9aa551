import assert from 'node:assert/strict'
import { isSubsequence, commentNumbersIn } from './choices.test.support.js'
import type { DocumentEdit, EditOutcome } from './edit.js'

/** What a generated document has at the path of our entry. `shared`: an item with our part and parts of others. */
export type SampleShape = 'absent' | 'equal' | 'different' | 'foreign' | 'shared'

/** The editor of one format with its rules, and an independent reader of that format. */
export type TestEditor = {
  run: (text: string, edits: readonly DocumentEdit[]) => EditOutcome
  data: (text: string) => unknown
  /** An edit that others make between our edit and its undo; undefined when none is made. */
  theirs: DocumentEdit | undefined
  /** The text with a comment, `‹later›`, that others write into it behind our edit. */
  remark: (text: string) => string
}

/**
 * Checks that an edit made twice is made once, that its undo restores the bytes or the data, and that data of others stays,
 * whenever it was written. The asserts are Node's, because those of vitest take longer than the edits.
 */
export function checkEdit(
  { text, shape }: { text: string; shape: SampleShape },
  edit: DocumentEdit,
  tools: TestEditor,
): void {
  const { run, data } = tools
  const edited = run(text, [edit])
  assert.equal(edited.type, outcomes[shape])
  if (edited.type !== 'edited') return
  assert.deepEqual(commentNumbersIn(edited.text), commentNumbersIn(text))
  assert.deepEqual(run(edited.text, [edit]), { type: 'unchanged' })
  if (shape === 'shared') return
  const undone = textOf(run(edited.text, edited.undo))
  if (shape === 'absent') {
    assert.ok(isSubsequence(text.trim(), edited.text))
    assert.equal(undone, text)
  }
  assert.deepEqual(data(undone), data(text))
  assert.deepEqual(commentNumbersIn(undone), commentNumbersIn(text))
  const remarked = tools.remark(edited.text)
  const without = textOf(run(remarked, edited.undo))
  assert.deepEqual(data(without), data(text))
  assert.deepEqual(commentNumbersIn(without), commentNumbersIn(remarked))
  if (tools.theirs !== undefined) checkWithTheirs({ text, edited }, [edit, tools.theirs], tools)
}

/** Checks edits that others make behind ours: they stay when ours is undone alone, and are undone with ours if made in one run. */
function checkWithTheirs(
  { text, edited }: { text: string; edited: Extract<EditOutcome, { type: 'edited' }> },
  [edit, theirs]: readonly [DocumentEdit, DocumentEdit],
  { run, data }: TestEditor,
): void {
  const touched = run(edited.text, [theirs])
  const expected = run(text, [theirs])
  if (touched.type !== 'edited' || expected.type !== 'edited') return
  const left = textOf(run(touched.text, edited.undo))
  assert.deepEqual(data(left), data(expected.text))
  assert.deepEqual(commentNumbersIn(left), commentNumbersIn(text))
  const both = run(text, [edit, theirs])
  assert.ok(both.type === 'edited', JSON.stringify(both))
  const undone = textOf(run(both.text, both.undo))
  assert.deepEqual(data(undone), data(text))
  assert.deepEqual(commentNumbersIn(undone), commentNumbersIn(text))
}

const outcomes = {
  absent: 'edited',
  equal: 'unchanged',
  different: 'edited',
  foreign: 'refused',
  shared: 'edited',
}

function textOf(edited: EditOutcome): string {
  assert.ok(edited.type === 'edited', JSON.stringify(edited))
  return edited.text
}
