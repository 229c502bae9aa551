import { mcpServerName } from '@subagent-mcp/contract'
import type { EditRefusal } from '../edit/edit.js'
import { detectLineBreak } from '../edit/splice.js'
import { separateMarkdownCodeLines, type MarkdownLine } from './visible-lines.js'

export type ManagedBlock = { version: number; body: string }

/** The outcome of editing a text. `before` is the block that was replaced. */
export type BlockEdit =
  | { type: 'edited'; text: string; before?: string }
  | { type: 'unchanged' }
  | EditRefusal

/**
 * Replaces our block, or puts it behind the text. Every other byte stays, and removing the block restores the text. A
 * block of a newer version stays as it is.
 */
export function upsertManagedBlock(text: string, { version, body }: ManagedBlock): BlockEdit {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  if (found.type === 'block' && found.version > version) return { type: 'unchanged' }
  const lineBreak = detectLineBreak(text)
  const block = [openingMarker(version), ...body.trim().split('\n'), closingMarker].join(lineBreak)
  if (found.type === 'block') return replaced(text, found, block)
  if (isEmpty(text)) return edited(text + block + lineBreak)
  if (found.openCode !== undefined) {
    return refused({
      line: found.openCode,
      why: 'the code that begins here has no end, so the block would be code',
    })
  }
  // Before the line breaks at the end, so that a text without a final line break still has none.
  const end = text.length - (/[\r\n]*$/.exec(text)?.[0].length ?? 0)
  return edited(text.slice(0, end) + lineBreak + lineBreak + block + text.slice(end))
}

/** Removes our block with the empty line that was put before it. */
export function removeManagedBlock(text: string): BlockEdit {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  if (found.type === 'none') return { type: 'unchanged' }
  const [before, behind] = [text.slice(0, found.start), text.slice(found.end)]
  const apart = isEmpty(before) ? undefined : /\r?\n\r?\n$/.exec(before)
  if (apart) return edited(before.slice(0, apart.index) + behind)
  return edited(before + behind.replace(/^[^\n]*\n/, ''))
}

/** Replaces our block by an earlier one; a text without a block stays as it is. */
export function restoreManagedBlock(text: string, before: string): BlockEdit {
  const found = findBlock(text)
  if (found.type === 'broken') return refused(found)
  return found.type === 'none' ? { type: 'unchanged' } : replaced(text, found, before)
}

function replaced(text: string, { start, end }: { start: number; end: number }, block: string): BlockEdit {
  const before = text.slice(start, end)
  if (before === block) return { type: 'unchanged' }
  return { type: 'edited', text: text.slice(0, start) + block + text.slice(end), before }
}

/** Whether a text has no line before which the block would need an empty one. */
function isEmpty(text: string): boolean {
  return /^\uFEFF?[\r\n]*$/.test(text)
}

function edited(text: string): BlockEdit {
  return { type: 'edited', text }
}

function refused({ line, why }: { line: number; why: string }): EditRefusal {
  return { type: 'refused', why: `line ${line}: ${why}` }
}

/** The result of the search for our block in a text: its place, none, or the line at which it is broken. */
type Found =
  | { type: 'block'; start: number; end: number; version: number }
  /** `openCode` is the line of a code fence without an end: everything behind it is code. */
  | { type: 'none'; openCode: number | undefined }
  | { type: 'broken'; line: number; why: string }

/** Finds our block, from the opening marker to the end of the closing marker's line, without the line break. */
function findBlock(text: string): Found {
  const { visible, hidden, openCode } = separateMarkdownCodeLines(text)
  const [first, second, third] = markersIn(visible)
  if (first === undefined) {
    const [example] = markersIn(hidden)
    if (example === undefined) return { type: 'none', openCode }
    return broken(example.number, 'our marker stands in code, where a block has no effect')
  }
  const { marker } = first
  if (marker.type === 'closing') return broken(first.number, 'a block ends that was not begun')
  if (second === undefined) return broken(first.number, 'the block that begins here has no end')
  if (second.marker.type === 'opening') return broken(second.number, 'a block begins inside of a block')
  if (third !== undefined) return broken(third.number, 'there is a second block')
  const end = second.start + second.text.replace(/\r$/, '').length
  return { type: 'block', start: first.start, end, version: marker.version }
}

function markersIn(lines: readonly MarkdownLine[]) {
  return lines.flatMap((line) => {
    const marker = markerOf(line.text)
    return marker === undefined ? [] : [{ ...line, marker }]
  })
}

function broken(line: number, why: string): Found {
  return { type: 'broken', line, why }
}

/** The line that opens a block. Claude Code hides such comments from its model, other hosts show them. */
function openingMarker(version: number): string {
  return `<!-- BEGIN:${mcpServerName} v${version} -->`
}

const closingMarker = `<!-- END:${mcpServerName} -->`

type Marker = { type: 'opening'; version: number } | { type: 'closing' }

/** The marker of our block on a line; undefined for another line. A marker stands alone, at the beginning. */
function markerOf(line: string): Marker | undefined {
  const bare = line.trimEnd()
  if (bare === closingMarker) return { type: 'closing' }
  const match = opening.exec(bare)
  return match === null ? undefined : { type: 'opening', version: Number(match[1] ?? 0) }
}

/** The opening marker of our block, in any version, because blocks of newer versions are ours, too. */
const opening = new RegExp(`^<!-- BEGIN:${mcpServerName}(?: v(\\d+))? -->$`)
