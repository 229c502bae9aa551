import measure from 'fast-string-truncated-width'
import type { TextPaint, TextTone } from './paint.js'
import type { TextOutput } from './terminal.js'

/** A column of a table of items: its title, the text of an item's cell, and the tone of that text. */
export type TableColumn<Item> = readonly [
  title: string,
  text: (item: Item) => string,
  tone?: TextTone | ((item: Item) => TextTone),
]

/** The columns of a table, and the titles of those that are dropped, in this order, when the terminal is too narrow. */
export type TableLayout<Item> = { columns: readonly TableColumn<Item>[]; dropFirst: readonly string[] }

/** Renders items as lines under their titles, none wider than the screen. Without items it returns no lines. */
export function formatTableLines<Item>(
  items: readonly Item[],
  { columns, dropFirst }: TableLayout<Item>,
  { size, paint }: Pick<TextOutput, 'size' | 'paint'>,
): string[] {
  if (items.length === 0) return []
  const rows = [
    columns.map(([text]): TableCell => ({ text, tone: 'dim' })),
    ...items.map((item) => columns.map((column) => cellOf(item, column))),
  ]
  const width = size()?.columns ?? Infinity
  return renderTable(
    dropColumns(rows, { lessImportant: dropFirst, columns: width, room: lastColumn }),
    width,
    paint,
  )
}

/** The least width of the last column of a table; less important columns are dropped for it. */
const lastColumn = 24

function cellOf<Item>(item: Item, [, text, tone = 'plain']: TableColumn<Item>): TableCell {
  return { text: text(item), tone: typeof tone === 'function' ? tone(item) : tone }
}

export type TableCell = { text: string; tone: TextTone }

/** Pads each column to its widest cell, cuts each line to `columns` columns of the terminal, and paints the cells. */
export function renderTable(
  rows: readonly (readonly TableCell[])[],
  columns: number,
  paint: TextPaint,
): string[] {
  const widths = columnWidths(rows)
  return rows.map((row) => renderRow(row, { widths, columns, paint }))
}

/** Drops the columns with the titles in `lessImportant`, one after another, until the last column is at least `room` wide. */
export function dropColumns(
  rows: readonly (readonly TableCell[])[],
  { lessImportant, columns, room }: { lessImportant: readonly string[]; columns: number; room: number },
): (readonly TableCell[])[] {
  const [title, ...rest] = lessImportant
  const widths = columnWidths(rows)
  const needed = Math.min(room, widths.at(-1) ?? 0)
  const taken = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0)
  if (title === undefined || taken + needed <= columns) return [...rows]
  const index = rows[0]?.findIndex(({ text }) => text === title) ?? -1
  const left = index < 0 ? rows : rows.map((row) => row.filter((_, column) => column !== index))
  return dropColumns(left, { lessImportant: rest, columns, room })
}

export function measureTextWidth(line: string): number {
  return measure(line).width
}

/** Returns the line, or its beginning and an ellipsis if it takes more than `columns` columns of the terminal. */
export function cutToWidth(line: string, columns: number): string {
  return measure(line, { limit: columns }).truncated ? cutEndToFit(line, columns - 1) + '…' : line
}

/** Returns the beginning of a line that takes at most so many columns of the terminal. It ends after a whole character. */
export function cutEndToFit(line: string, columns: number): string {
  const { index } = measure(line, { limit: columns, ellipsis: '' })
  let start = line.slice(0, index).replace(/[\ud800-\udbff]$/, '')
  // The index that was measured is too large for some wide characters.
  while (measureTextWidth(start) > columns) start = start.replace(/[^]$/u, '')
  return start
}

function columnWidths(rows: readonly (readonly TableCell[])[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => measureTextWidth(row[column]?.text ?? ''))),
  )
}

type RowLayout = { widths: readonly number[]; columns: number; paint: TextPaint }

function renderRow(row: readonly TableCell[], { widths, columns, paint }: RowLayout): string {
  let left = columns
  const cells: string[] = []
  for (const [index, { text, tone }] of row.entries()) {
    if (left <= 0) break
    const shown = cutToWidth(text, left)
    const isLast = index === row.length - 1
    const padding = isLast
      ? 0
      : Math.min((widths[index] ?? 0) - measureTextWidth(shown) + gap, left - measureTextWidth(shown))
    cells.push(paint(tone, shown) + ' '.repeat(padding))
    left -= measureTextWidth(shown) + padding
  }
  return cells.join('').trimEnd()
}

const gap = 2
