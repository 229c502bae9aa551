import { markerOf } from './markers.js'

/** Where our block is in a text, or the line that is wrong about it. */
export type Found =
  | { type: 'block'; start: number; end: number }
  /** With the line of a code fence that has no end: what comes behind it is code. */
  | { type: 'none'; openFence: number | undefined }
  | { type: 'broken'; line: number; why: string }

/** Finds our block, from the opening marker to the end of the closing one without its line break. */
export function findBlock(text: string): Found {
  const { lines, openFence } = visibleLines(text)
  const markers = lines.flatMap((line) => {
    const marker = markerOf(line.text)
    return marker === undefined ? [] : [{ ...line, marker }]
  })
  const [first, second, third] = markers
  if (first === undefined) return { type: 'none', openFence }
  if (first.marker === 'closing') return broken(first.number, 'a block ends that was not begun')
  if (second === undefined) return broken(first.number, 'the block that begins here has no end')
  if (second.marker === 'opening') return broken(second.number, 'a block begins inside of a block')
  if (third !== undefined) return broken(third.number, 'there is a second block')
  return { type: 'block', start: first.start, end: second.start + second.text.trimEnd().length }
}

type Line = { number: number; start: number; text: string }

/** The lines outside of code, without their breaks, and the line of a fence that is never closed. */
function visibleLines(text: string): { lines: Line[]; openFence: number | undefined } {
  const lines: Line[] = []
  let fence: { mark: string; line: number } | undefined
  for (const line of linesOf(text)) {
    const mark = fenceOf(line.text, fence?.mark)
    if (fence === undefined && mark === undefined) lines.push(line)
    if (mark !== undefined) fence = fence === undefined ? { mark, line: line.number } : undefined
  }
  return { lines, openFence: fence?.line }
}

function* linesOf(text: string): Generator<Line> {
  let start = text.startsWith('\uFEFF') ? 1 : 0
  let number = 1
  for (const line of text.slice(start).split('\n')) {
    yield { number, start, text: line }
    start += line.length + 1
    number += 1
  }
}

/** The fence that a line opens, or with `open` the one that closes it: of the same sign, as long, with nothing behind. */
function fenceOf(line: string, open?: string): string | undefined {
  const [, mark, rest] = /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(line) ?? []
  if (mark === undefined || rest === undefined) return undefined
  if (open !== undefined) return mark.startsWith(open) && rest.trim() === '' ? mark : undefined
  return mark.startsWith('`') && rest.includes('`') ? undefined : mark
}

function broken(line: number, why: string): Found {
  return { type: 'broken', line, why }
}
