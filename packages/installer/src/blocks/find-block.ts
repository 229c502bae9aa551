import { markerOf } from './markers.js'
import { sortLines, type Line } from './visible-lines.js'

/** Where our block is in a text, or the line that is wrong about it. */
export type Found =
  | { type: 'block'; start: number; end: number; version: number }
  /** With the line of code that has no end: what comes behind it is code. */
  | { type: 'none'; openCode: number | undefined }
  | { type: 'broken'; line: number; why: string }

/** Finds our block, from the opening marker to the end of the closing one's line without its break. */
export function findBlock(text: string): Found {
  const { visible, hidden, openCode } = sortLines(text)
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

function markersIn(lines: readonly Line[]) {
  return lines.flatMap((line) => {
    const marker = markerOf(line.text)
    return marker === undefined ? [] : [{ ...line, marker }]
  })
}

function broken(line: number, why: string): Found {
  return { type: 'broken', line, why }
}
