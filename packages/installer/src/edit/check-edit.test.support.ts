import assert from 'node:assert/strict'
import { isWithin } from './choices.test.support.js'
import type { Edit, Edited } from './edit.js'

/** What stands at our place in a generated document. */
export type Shape = 'absent' | 'equal' | 'different' | 'foreign'

/** An editor with its rules, and a reading of its format that is not the editor's own. */
export type Tools = {
  run: (text: string, edits: readonly Edit[]) => Edited
  data: (text: string) => unknown
  /** What others add between our edit and its undo, in some documents. */
  theirs: Edit | undefined
}

/**
 * Twice is once; undo gives the bytes back, or what they said; nothing of others changes, whenever they wrote it.
 * Plain asserts, since those of vitest take longer than the edits.
 */
export function checkEdit({ text, shape }: { text: string; shape: Shape }, edit: Edit, tools: Tools): void {
  const { run, data, theirs } = tools
  const edited = run(text, [edit])
  assert.equal(edited.type, outcomes[shape])
  if (edited.type !== 'edited') return
  assert.deepEqual(run(edited.text, [edit]), { type: 'unchanged' })
  const undone = textOf(run(edited.text, edited.undo))
  if (shape === 'absent') {
    assert.ok(isWithin(text.trim(), edited.text))
    assert.equal(undone, text)
  }
  assert.deepEqual(data(undone), data(text))
  if (theirs === undefined) return
  const touched = run(edited.text, [theirs])
  const expected = run(text, [theirs])
  if (touched.type !== 'edited' || expected.type !== 'edited') return
  assert.deepEqual(data(textOf(run(touched.text, edited.undo))), data(expected.text))
}

const outcomes = { absent: 'edited', equal: 'unchanged', different: 'edited', foreign: 'refused' }

function textOf(edited: Edited): string {
  assert.ok(edited.type === 'edited', JSON.stringify(edited))
  return edited.text
}
