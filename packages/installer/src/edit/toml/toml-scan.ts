import { parse } from 'smol-toml'
import { isEscapedByBackslash, findMatchEnd, type TextRange } from '../splice.js'

/** The keys before an equals sign, and the ranges of the whole entry and of its value. */
export type ScannedEntry = { type: 'entry'; keys: readonly string[]; range: TextRange; value: TextRange }

/** A header: `[keys]`, or `[[keys]]` for a table of an array. */
export type ScannedHeader = { type: 'header'; keys: readonly string[]; several: boolean; range: TextRange }

/**
 * Finds the headers and entries of a valid TOML text, in their order and in one pass. Values are skipped without being
 * parsed, so the time is proportional to the length of the text. Comments are added to `comments`.
 */
export function* scanToml(text: string, comments?: TextRange[]): Iterable<ScannedEntry | ScannedHeader> {
  let at = skipSpace(text, 0, comments)
  while (at < text.length) {
    const line = text[at] === '[' ? headerAt(text, at) : entryAt(text, at, comments)
    yield line
    at = skipSpace(text, line.range.end, comments)
  }
}

export function tomlHasComment(text: string): boolean {
  const comments: TextRange[] = []
  for (const _ of scanToml(text, comments));
  return comments.length > 0
}

/** The items, commas and comments of an array whose bracket opens at an offset. */
export function scanTomlArray(
  text: string,
  open: number,
): { items: TextRange[]; commas: TextRange[]; comments: TextRange[] } {
  const items: TextRange[] = []
  const commas: TextRange[] = []
  const comments: TextRange[] = []
  let at = skipSpace(text, open + 1, comments)
  while (at < text.length && text[at] !== ']') {
    const isComma = text[at] === ','
    const end = isComma ? at + 1 : valueEnd(text, at, undefined)
    ;(isComma ? commas : items).push({ start: at, end })
    at = skipSpace(text, end, comments)
  }
  return { items, commas, comments }
}

function headerAt(text: string, start: number): ScannedHeader {
  const several = text.startsWith('[[', start)
  const { keys, end } = keysAt(text, start + (several ? 2 : 1))
  return { type: 'header', keys, several, range: { start, end: end + (several ? 2 : 1) } }
}

function entryAt(text: string, start: number, comments: TextRange[] | undefined): ScannedEntry {
  const { keys, end: equals } = keysAt(text, start)
  const value = spaceEnd(text, equals + 1)
  const end = valueEnd(text, value, comments)
  return { type: 'entry', keys, range: { start, end }, value: { start: value, end } }
}

/** The keys between dots, and the offset of the sign behind them. */
function keysAt(text: string, start: number): { keys: string[]; end: number } {
  const keys: string[] = []
  let at = start
  for (;;) {
    const from = spaceEnd(text, at)
    const to = keyEnd(text, from)
    keys.push(keyNamed(text.slice(from, to)))
    at = spaceEnd(text, to)
    if (text[at] !== '.') return { keys, end: at }
    at += 1
  }
}

function keyEnd(text: string, start: number): number {
  return text[start] === '"' || text[start] === "'"
    ? stringEnd(text, start)
    : findMatchEnd(bareKey, text, start)
}

function keyNamed(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1)
  if (!written.startsWith('"')) return written
  if (!written.includes('\\')) return written.slice(1, -1)
  return Object.keys(parse(`${written} = 0`))[0] ?? ''
}

/** The end of a TOML value, found by counting brackets outside of strings and comments. */
function valueEnd(text: string, start: number, comments: TextRange[] | undefined): number {
  let depth = 0
  let at = start
  do {
    const sign = text[at]
    if (sign === '[' || sign === '{') depth += 1
    if (sign === ']' || sign === '}') depth -= 1
    if (sign === '"' || sign === "'") at = stringEnd(text, at)
    else at = brackets.has(sign) ? at + 1 : Math.max(at + 1, scalarEnd(text, at))
    if (depth > 0) at = skipSpace(text, at, comments)
  } while (depth > 0 && at < text.length)
  return at
}

const brackets: ReadonlySet<string | undefined> = new Set(['[', ']', '{', '}', ',', '='])

/** The end of a TOML value that is a number, a date (which may have a space) or a word, or of a key of an inline table. */
function scalarEnd(text: string, start: number): number {
  return start + text.slice(start, findMatchEnd(scalar, text, start)).trimEnd().length
}

function stringEnd(text: string, start: number): number {
  const sign = text[start] ?? ''
  const isLong = text.startsWith(sign.repeat(3), start)
  let at = start + (isLong ? 3 : 1)
  const end = isLong ? sign.repeat(3) : sign
  for (;;) {
    const close = text.indexOf(end, at)
    if (close === -1) return text.length
    if (sign === "'" || !isEscapedByBackslash(text, close, at)) {
      // Up to two more quotes belong to the text of a multi-line string.
      return isLong ? findMatchEnd(sign === '"' ? quotes : apostrophes, text, close) : close + 1
    }
    at = close + 1
  }
}

/** The offset of the next character outside of white space and comments. */
function skipSpace(text: string, start: number, comments: TextRange[] | undefined): number {
  let at = findMatchEnd(blank, text, start)
  while (text[at] === '#') {
    const end = findMatchEnd(comment, text, at)
    comments?.push({ start: at, end })
    at = findMatchEnd(blank, text, end)
  }
  return at
}

function spaceEnd(text: string, start: number): number {
  let at = start
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

const blank = /[ \t\r\n]*/y
const comment = /#[^\r\n]*/y
const bareKey = /[^\s.=\]'"#]*/y
const scalar = /[^,\]}#\r\n=]*/y
const quotes = /"{3,5}/y
const apostrophes = /'{3,5}/y
