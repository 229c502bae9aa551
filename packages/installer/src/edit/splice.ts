/** Text to put in the place of a range. */
export type Splice = { start: number; end: number; text: string }

/** A part of a text, the end not included. */
export type Range = { start: number; end: number }

/** The text with all splices done; those at one offset in the order given, and overlapping removals as one. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = []
  let done = 0
  for (const splice of splices.toSorted((left, right) => left.start - right.start)) {
    pieces.push(text.slice(done, Math.max(done, splice.start)), splice.text)
    done = Math.max(done, splice.end)
  }
  return [...pieces, text.slice(done)].join('')
}

/** A splice that only adds. */
export function insert(offset: number, text: string): Splice {
  return { start: offset, end: offset, text }
}

/** A splice that only takes away. */
export function cut(start: number, end: number): Splice {
  return { start, end, text: '' }
}

/** How the lines of a text end, by its first one. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n'
}

/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line of an offset ends, in front of its line break. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset)
  if (feed === -1) return text.length
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed
}

/** How long the line break at an offset is; 0 where there is none. */
export function breakAfter(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return 2
  return text[offset] === '\n' ? 1 : 0
}

/** How long the line break in front of an offset is; 0 where there is none. */
export function breakBefore(text: string, offset: number): number {
  if (offset === 0 || text[offset - 1] !== '\n') return 0
  return offset > 1 && text[offset - 2] === '\r' ? 2 : 1
}

/** The white space that the line of an offset starts with. */
export function indentOf(text: string, offset: number): string {
  const start = lineStart(text, offset)
  let end = start
  while (end < offset && isSpace(text[end])) end += 1
  return text.slice(start, end)
}

/**
 * Whether nothing but white space stands in front of an offset in its line, which is not the first. It looks no further
 * back than the white space goes: a document may be one line of many megabytes.
 */
export function startsLine(text: string, offset: number): boolean {
  let start = offset
  while (isSpace(text[start - 1])) start -= 1
  return text[start - 1] === '\n'
}

function isSpace(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\t'
}
