import { cutToWidth, cutEndToFit, measureTextWidth } from './table.js'
import { escapeForTerminal } from './text.js'

/**
 * Returns a text whose characters take the columns that `measureTextWidth` counts on every terminal: without escape sequences and
 * characters that join or change others. Further marks on one letter are shown as their codes. Newlines stay.
 */
export function toPlainScreenText(text: string): string {
  return escapeForTerminal(text.toWellFormed())
    .replaceAll('\t', '    ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .replace(
      /(\p{M}\p{M})(\p{M}+)/gu,
      (_, kept: string, more: string) => kept + more.replace(/\p{M}/gu, codeOf),
    )
    .replace(/(?! )\p{Zs}/gu, ' ')
}

/** Returns a text as one line of at most so many columns of the screen. */
export function formatScreenCellText(text: string, columns: number): string {
  return columns < 1 ? '' : cutToWidth(toPlainScreenText(text).replace(/\s/g, ' '), columns)
}

/** Breaks a text into lines of at most so many columns of the screen: between words, and inside of words that are longer. */
export function wrapToColumns(text: string, columns: number): string[] {
  return toPlainScreenText(text)
    .split('\n')
    .flatMap((line) => wrapOneLine(line.trimEnd(), Math.max(2, columns)))
}

/** Returns the end of a text that takes at most so many columns of the screen. */
export function cutStartToFit(text: string, columns: number): string {
  let end = toPlainScreenText(text)
    .replace(/\s/g, ' ')
    .slice(-Math.max(1, 2 * columns))
  while (end !== '' && (measureTextWidth(end) > columns || !end.isWellFormed()))
    end = end.replace(/^[^]/u, '')
  return end
}

function wrapOneLine(line: string, columns: number): string[] {
  const lines: string[] = []
  let rest = line
  for (;;) {
    const fits = cutEndToFit(rest, columns)
    if (fits === rest) return [...lines, rest]
    const space = rest[fits.length] === ' ' ? fits.length : fits.lastIndexOf(' ')
    const end = space > columns / 2 ? space : Math.max(1, fits.length)
    lines.push(rest.slice(0, end))
    rest = rest.slice(end).replace(/^ +/, '')
  }
}

function codeOf(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`
}
