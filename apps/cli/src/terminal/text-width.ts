import measure from 'fast-string-truncated-width'

/** Returns how many columns of a terminal a line takes. */
export function textWidth(line: string): number {
  return measure(line).width
}

/** Returns the line, or its beginning and an ellipsis if it takes more than `columns` columns of a terminal. */
export function cutToWidth(line: string, columns: number): string {
  const { truncated, index } = measure(line, { limit: columns, ellipsis, ellipsisWidth: 1 })
  return truncated ? line.slice(0, index) + ellipsis : line
}

const ellipsis = '…'
