import type { Paint, Tone } from './paint.js'
import { cutToWidth, textWidth } from './text-width.js'

/** A cell of a table. */
export type Cell = { text: string; tone: Tone }

/** Pads each column to its widest cell and cuts each line to so many columns, then paints. */
export function renderTable(rows: readonly (readonly Cell[])[], columns: number, paint: Paint): string[] {
  const widths = columnWidths(rows)
  return rows.map((row) => renderRow(row, { widths, columns, paint }))
}

/** Leaves out what is less important (by its title, the least first) until the last column has room for so much. */
export function dropColumns(
  rows: readonly (readonly Cell[])[],
  { lessImportant, columns, room }: { lessImportant: readonly string[]; columns: number; room: number },
): (readonly Cell[])[] {
  const [title, ...rest] = lessImportant
  const widths = columnWidths(rows)
  const needed = Math.min(room, widths.at(-1) ?? 0)
  const taken = widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0)
  if (title === undefined || taken + needed <= columns) return [...rows]
  const index = rows[0]?.findIndex(({ text }) => text === title) ?? -1
  const left = index < 0 ? rows : rows.map((row) => row.filter((_, column) => column !== index))
  return dropColumns(left, { lessImportant: rest, columns, room })
}

function columnWidths(rows: readonly (readonly Cell[])[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => textWidth(row[column]?.text ?? ''))),
  )
}

type Layout = { widths: readonly number[]; columns: number; paint: Paint }

function renderRow(row: readonly Cell[], { widths, columns, paint }: Layout): string {
  let left = columns
  const cells: string[] = []
  for (const [index, { text, tone }] of row.entries()) {
    if (left <= 0) break
    const shown = cutToWidth(text, left)
    const isLast = index === row.length - 1
    const padding = isLast
      ? 0
      : Math.min((widths[index] ?? 0) - textWidth(shown) + gap, left - textWidth(shown))
    cells.push(paint(tone, shown) + ' '.repeat(padding))
    left -= textWidth(shown) + padding
  }
  return cells.join('').trimEnd()
}

/** Blank columns between two cells. */
const gap = 2
