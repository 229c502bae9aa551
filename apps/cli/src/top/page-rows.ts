import { wrapToColumns } from '../terminal/screen-text.js'
import type { ScreenSize } from '../terminal/screen.js'
import type { PageLine, TopPage, TopQuestion } from './top-state.js'

/** The columns of the screen that are drawn. The last one stays empty, because terminals differ in what follows a character there. */
export function countDrawnColumns({ columns }: ScreenSize): number {
  return Math.max(10, columns - 1)
}

/** Returns the rows in which lines of text are shown on a screen, each line in as many as it needs. */
export function wrapPageRows(lines: readonly PageLine[], size: ScreenSize): readonly PageLine[] {
  const columns = countDrawnColumns(size)
  return lines.flatMap((line) => {
    const known = wrapped.get(line)
    if (known?.columns === columns) return known.rows
    const rows = wrapToColumns(line.text, columns).map((text) => ({ text, tone: line.tone }))
    wrapped.set(line, { columns, rows })
    return rows
  })
}

/** The rows of lines that were shown, because wrapping a long transcript again for each frame costs time. */
const wrapped = new WeakMap<PageLine, { columns: number; rows: readonly PageLine[] }>()

/** Returns how many rows of text a page or a question shows: all but its title, its last line and, of a question, its remark. */
export function countVisibleRows(
  { type }: Pick<TopPage | TopQuestion, 'type'>,
  { rows }: ScreenSize,
): number {
  return Math.max(1, rows - (type === 'page' ? 2 : 3))
}

/** Returns the first shown row, which leaves no row of the screen empty while there is text for it. */
export function findFirstVisibleRow(
  mode: Pick<TopPage | TopQuestion, 'type' | 'from'>,
  count: number,
  size: ScreenSize,
): number {
  const last = Math.max(0, count - countVisibleRows(mode, size))
  return mode.from === 'end' ? last : Math.min(Math.max(0, mode.from), last)
}
