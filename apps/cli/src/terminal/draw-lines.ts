import type { TextPaint } from './paint.js'
import type { ScreenFrame, ScreenLine } from './screen.js'
import { measureTextWidth } from './table.js'

/** The control sequences of the lines that a screen shows, and of its cursor; by these the next frame is compared. */
export type DrawnFrame = { lines: readonly string[]; cursor: string }

/** Returns the control sequences that draw each line of a frame, and its cursor. */
export function paintFrame({ lines, cursor }: ScreenFrame, paint: TextPaint): DrawnFrame {
  return {
    lines: lines.map((line) => paintScreenLine(line, paint)),
    cursor: cursor ? `${csi}${cursor.row + 1};${cursor.column + 1}H${csi}?25h` : '',
  }
}

/** Returns what to write to a screen that shows `drawn` so that it shows `next`: only the lines that differ; without `drawn` the whole screen. Empty if nothing differs. */
export function paintChangedLines(drawn: DrawnFrame | undefined, next: DrawnFrame): string {
  const count = Math.max(drawn?.lines.length ?? 0, next.lines.length)
  const changed = Array.from({ length: count }, (_, row) => row).flatMap((row) => {
    const line = next.lines[row] ?? eraseRest
    return drawn?.lines[row] === line ? [] : [`${csi}${row + 1};1H${line}`]
  })
  if (changed.length === 0 && drawn?.cursor === next.cursor) return ''
  const erase = drawn === undefined ? `${csi}2J` : ''
  // Terminals that know these sequences show all changes together; others ignore them.
  return `${csi}?2026h${csi}?25l${erase}${changed.join('')}${next.cursor}${csi}?2026l`
}

/**
 * Draws a line. Each cell begins at its own column, whatever columns the terminal gives to the characters before it: where a text is
 * not ASCII, the rest of the line is erased after it, and the next cell is placed by its column.
 */
function paintScreenLine(line: ScreenLine, paint: TextPaint): string {
  let end: number | undefined = 0
  let drawn = ''
  for (const { column, text, tone } of line) {
    drawn += end === undefined ? `${eraseRest}${csi}${column + 1}G` : ' '.repeat(Math.max(0, column - end))
    drawn += paint(tone, text)
    end = /^[ -~]*$/.test(text) ? column + measureTextWidth(text) : undefined
  }
  return drawn + eraseRest
}

const csi = '\u001b['
const eraseRest = `${csi}K`
