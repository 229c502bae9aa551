/** The longest line, in characters, unless a single word is longer. */
const lineWidth = 100

export function fitLine(line: string): string {
  return line.length > lineWidth ? `${line.slice(0, lineWidth - 1).toWellFormed()}…` : line
}

/** Wraps a text between words. The first line begins with `head`, the others are indented by its length. */
export function wrapText(text: string, head: string): string[] {
  const [first = '', ...words] = text.trim().split(/\s+/)
  const lines: string[] = []
  let line = head + first
  for (const word of words) {
    if (line.length + 1 + word.length <= lineWidth) {
      line += ` ${word}`
    } else {
      lines.push(line)
      line = ' '.repeat(head.length) + word
    }
  }
  return [...lines, line]
}

/** Pads each column but the last to its widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  )
}

/** Joins lines to a text that ends with a line break. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
