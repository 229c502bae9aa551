/** A replacement of a range of a text by a new text. */
export type Splice = { start: number; end: number; text: string }

/** A range of offsets in a text, without its end. */
export type TextRange = { start: number; end: number }

/** Applies splices to a text: those at one offset in the given order, overlapping removals as one. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const pieces: string[] = []
  let done = 0
  for (const splice of splices.toSorted((left, right) => left.start - right.start)) {
    pieces.push(text.slice(done, Math.max(done, splice.start)), splice.text)
    done = Math.max(done, splice.end)
  }
  return [...pieces, text.slice(done)].join('')
}

export function createInsertSplice(offset: number, text: string): Splice {
  return { start: offset, end: offset, text }
}

export function createCutSplice(start: number, end: number): Splice {
  return { start, end, text: '' }
}

export function detectLineBreak(text: string): '\n' | '\r\n' {
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n'
}

export function findLineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

export function findLineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset)
  if (feed === -1) return text.length
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed
}

/** The length of the line break at an offset; 0 for none. */
export function measureLineBreakAfter(text: string, offset: number): number {
  if (text.startsWith('\r\n', offset)) return 2
  return text[offset] === '\n' ? 1 : 0
}

/** The length of the line break before an offset; 0 for none. */
export function measureLineBreakBefore(text: string, offset: number): number {
  if (offset === 0 || text[offset - 1] !== '\n') return 0
  return offset > 1 && text[offset - 2] === '\r' ? 2 : 1
}

export function readLineIndent(text: string, offset: number): string {
  const start = findLineStart(text, offset)
  let end = start
  while (end < offset && isSpace(text[end])) end += 1
  return text.slice(start, end)
}

/**
 * Whether an offset has only white space before it in its line, and is not in the first line. Reads back over the white
 * space alone, because a document may be one line of many megabytes.
 */
export function isFirstInLine(text: string, offset: number): boolean {
  let start = offset
  while (isSpace(text[start - 1])) start -= 1
  return text[start - 1] === '\n'
}

function isSpace(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\t'
}

/** The end of the match of a sticky pattern at an offset, which is found without making an array for the match. */
export function findMatchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}

export function isEscapedByBackslash(text: string, offset: number, from: number): boolean {
  let slashes = 0
  while (offset - slashes > from && text[offset - slashes - 1] === '\\') slashes += 1
  return slashes % 2 === 1
}
