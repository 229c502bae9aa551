/** Breaks a text into lines of at most so many characters, between words only: a longer word stands on a line of its own. */
export function wrapText(text: string, columns: number): string[] {
  return wrapPieces(text.split(' '), columns)
}

/** Fills lines with pieces of text; a piece that is longer than a line is not broken. */
export function wrapPieces(pieces: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + piece.length <= columns) lines.push(`${lines.pop()} ${piece}`)
    else lines.push(piece)
  }
  return lines
}

/** Wraps a line between words; the lines after the first are indented two columns more than it. A line that fits stays as it is. */
export function wrapLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line]
  const indent = /^ */.exec(line)?.[0] ?? ''
  const [first = '', ...more] = wrapText(line.slice(indent.length), columns - indent.length - 2)
  return [indent + first, ...more.map((text) => `${indent}  ${text}`)]
}
