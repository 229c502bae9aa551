import type { IBufferCell, IBufferLine, Terminal } from '@xterm/headless'

/** How a piece of text looks. Colours are CSS colours. */
export type TextStyle = {
  color: string
  background?: string
  bold: boolean
  italic: boolean
  underline: boolean
}

/** Characters of one look that stand side by side: the column of the first, from 0, and the number of columns. */
export type TextRun = { column: number; width: number; text: string; style: TextStyle }

/** One row of a screen, without the spaces that show nothing. */
export type ScreenRow = readonly TextRun[]

/** The colours of text and ground where the program sets none. */
export const plainColors = { text: '#d4d4d8', ground: '#18181b' }

/** Reads the rows of a terminal's screen with their colours. */
export function readScreen({ buffer: { active }, rows }: Terminal): ScreenRow[] {
  return Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.baseY + row)
    return line ? readRow(line) : []
  })
}

function readRow(line: IBufferLine): ScreenRow {
  const runs: TextRun[] = []
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column)
    const width = cell?.getWidth() ?? 0
    if (!cell || width === 0) continue // the second half of a wide character
    const style = styleOf(cell)
    const text = cell.getChars() || ' '
    const last = runs.at(-1)
    if (last && sameStyle(last.style, style)) {
      last.text += text
      last.width += width
    } else runs.push({ column, width, text, style })
  }
  return runs.filter(({ text, style }) => text.trim() !== '' || style.background !== undefined)
}

function sameStyle(one: TextStyle, other: TextStyle): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function styleOf(cell: IBufferCell): TextStyle {
  const front = colorOf(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor())
  const back = colorOf(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor())
  const isInverse = cell.isInverse() !== 0
  const color = (isInverse ? (back ?? plainColors.ground) : front) ?? plainColors.text
  const background = isInverse ? (front ?? plainColors.text) : back
  return {
    color: cell.isDim() ? dimmed : color,
    ...(background !== undefined && { background }),
    bold: cell.isBold() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
  }
}

const dimmed = '#8b8b94'

/** Returns a CSS colour, or undefined for the terminal's own. */
function colorOf(isRgb: boolean, isPalette: boolean, value: number): string | undefined {
  if (isRgb) return `#${value.toString(16).padStart(6, '0')}`
  return isPalette ? paletteColor(value) : undefined
}

/** A colour of xterm's palette of 256: 16 named ones, a cube of 216, 24 greys. */
function paletteColor(index: number): string {
  if (index < named.length) return named[index] ?? plainColors.text
  if (index >= 232) return `rgb(${Array.from({ length: 3 }, () => (index - 232) * 10 + 8).join(',')})`
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40)
  const place = index - 16
  return `rgb(${[Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map(level).join(',')})`
}

const named = [
  ...['#27272a', '#f87171', '#4ade80', '#facc15', '#60a5fa', '#c084fc', '#22d3ee', '#d4d4d8'],
  ...['#71717a', '#fca5a5', '#86efac', '#fde047', '#93c5fd', '#d8b4fe', '#67e8f9', '#fafafa'],
]
