import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { stripVTControlCharacters } from 'node:util'

/**
 * Makes a model's text safe to show on a terminal: drops colours and other escape sequences, and shows other control characters and those
 * that change the direction of writing as their codes. What a person is asked to allow needs `revealInvisibleCharacters`, which drops nothing.
 */
export function escapeForTerminal(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n/g, '\n').replace(controls, showCode)
}

/** Returns a text as one safe line of at most `limit` characters; what is cut off is replaced by an ellipsis. */
export function cutSafeLine(text: string, limit: number): string {
  const line = escapeForTerminal(text).replace(/\s+/g, ' ').trim()
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`
}

/** Returns a line in which every character is visible; its indentation stays. */
export function escapeTerminalLine(line: string): string {
  return line.replace(/[^ \t][^]*/, (text) => revealInvisibleCharacters(text, Infinity))
}

/** Returns a value as JSON in which characters that a terminal would obey or not show are escaped. */
export function formatSafeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(withoutShape, escapeUnits)
}

/** All control characters but newline and tab, and characters that can mislead a reader. */
const controls = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu
const withoutShape = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

function showCode(character: string): string {
  const code = character.charCodeAt(0).toString(16)
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`
}

function escapeUnits(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
