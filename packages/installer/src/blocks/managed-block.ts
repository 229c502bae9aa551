import type { Refused } from '../edit/edit.js'
import { findBlock } from './find-block.js'
import { closingMarker, openingMarker } from './markers.js'

/** What is between the markers, and which words these are. */
export type Block = { version: number; body: string }

/** What became of a text; `before` is the block that ours took the place of. */
export type BlockEdited = { type: 'edited'; text: string; before?: string } | { type: 'unchanged' } | Refused

/**
 * Puts our block in the place of the one that is there, or behind all text. Every other byte stays, and removing the
 * block gives them back as they were. A block of a newer version is left alone.
 */
export function upsertBlock(text: string, { version, body }: Block): BlockEdited {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  if (found.type === 'block' && found.version > version) return { type: 'unchanged' }
  const lineBreak = lineBreakOf(text)
  const block = [openingMarker(version), ...body.trim().split('\n'), closingMarker].join(lineBreak)
  if (found.type === 'block') return replaced(text, found, block)
  if (isEmpty(text)) return edited(text + block + lineBreak)
  if (found.openCode !== undefined) {
    return refused({
      line: found.openCode,
      why: 'the code that begins here has no end, so the block would be code',
    })
  }
  // Before the line breaks at the end: a text without one has none afterwards either, which tells the two apart.
  const end = text.length - (/[\r\n]*$/.exec(text)?.[0].length ?? 0)
  return edited(text.slice(0, end) + lineBreak + lineBreak + block + text.slice(end))
}

/** Takes our block out, with the empty line that was put before it. */
export function removeBlock(text: string): BlockEdited {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  if (found.type === 'none') return { type: 'unchanged' }
  const [before, behind] = [text.slice(0, found.start), text.slice(found.end)]
  const apart = isEmpty(before) ? undefined : /\r?\n\r?\n$/.exec(before)
  if (apart) return edited(before.slice(0, apart.index) + behind)
  return edited(before + behind.replace(/^[^\n]*\n/, ''))
}

/** Puts an earlier block back in the place of ours; one that is not there any more stays away. */
export function restoreBlock(text: string, before: string): BlockEdited {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  return found.type === 'none' ? { type: 'unchanged' } : replaced(text, found, before)
}

function replaced(text: string, { start, end }: { start: number; end: number }, block: string): BlockEdited {
  const before = text.slice(start, end)
  if (before === block) return { type: 'unchanged' }
  return { type: 'edited', text: text.slice(0, start) + block + text.slice(end), before }
}

/** Whether there is no line yet that the block could be behind. */
function isEmpty(text: string): boolean {
  return /^\uFEFF?[\r\n]*$/.test(text)
}

function edited(text: string): BlockEdited {
  return { type: 'edited', text }
}

function refused({ line, why }: { line: number; why: string }): Refused {
  return { type: 'refused', why: `line ${line}: ${why}` }
}

/** As the text's first line ends. */
function lineBreakOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n'
}
