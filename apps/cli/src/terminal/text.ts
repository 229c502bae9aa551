import { stripVTControlCharacters } from 'node:util'

/**
 * A text of a model's that is safe to show on a terminal. Colours and the like are left out; any other control
 * character, and those that turn the direction of writing, is shown as its code. Of what is asked, and what is kept of
 * that, nothing may be left out: that is for `visibleText`.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n/g, '\n').replace(controls, showCode)
}

/** A text in one line, cut to `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim()
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`
}

/** All but newline and tab, and what a reader could be fooled by. */
const controls = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

function showCode(character: string): string {
  const code = character.charCodeAt(0).toString(16)
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
}
