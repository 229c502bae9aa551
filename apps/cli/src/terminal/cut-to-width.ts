import stringWidth from 'string-width'

/** Returns the line, or its beginning and an ellipsis if it takes more than `columns` columns of a terminal. */
export function cutToWidth(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  let cut = ''
  let width = 0
  for (const { segment } of graphemes.segment(line)) {
    width += stringWidth(segment)
    if (width > columns - 1) break
    cut += segment
  }
  return `${cut}…`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
