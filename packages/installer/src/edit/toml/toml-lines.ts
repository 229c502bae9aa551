import {
  lineBreakAfter,
  lineBreakBefore,
  cutRange,
  indentOf,
  insertSplice,
  lineBreakOf,
  lineEnd,
  lineStart,
  type TextRange,
  type Splice,
} from '../splice.js'
import { endOfTomlBlock, type TomlBlock, type TomlEntry } from './toml-document.js'

/** Adds a block at the end, behind an empty line. A text without a final line break stays without one. */
export function appendTomlBlock(text: string, block: string): Splice {
  const lineBreak = lineBreakOf(text)
  if (text === '') return insertSplice(0, block + lineBreak)
  if (text.endsWith('\n')) return insertSplice(text.length, lineBreak + block + lineBreak)
  return insertSplice(text.length, lineBreak + lineBreak + block)
}

/** Removes a block with its comments and the empty line that `appendTomlBlock` put before it. */
export function removeTomlTable(text: string, block: TomlBlock): Splice {
  const start = lineStart(text, block.range.start)
  const end = lineEnd(text, endOfTomlBlock(block))
  const own = lineBreakAfter(text, end)
  const first = lineBreakBefore(text, start)
  if (own > 0) return cutRange(isEmptyLine(text, start - first) ? start - first : start, end + own)
  return cutRange(start - first - lineBreakBefore(text, start - first), end)
}

export function overwriteTomlBlock(text: string, old: TomlBlock, block: string): Splice {
  const indent = indentOf(text, old.range.start)
  return {
    start: old.range.start,
    end: endOfTomlBlock(old),
    text: block.replaceAll('\n', `\n${indent}`),
  }
}

/** Adds a line below the last entry of a table, or below its header. */
export function appendTomlEntry(text: string, block: TomlBlock, entry: string): Splice {
  const last = block.entries.at(-1) ?? block
  return insertSplice(
    lineEnd(text, last.range.end),
    lineBreakOf(text) + indentOf(text, last.range.start) + entry,
  )
}

/** Adds a line to the entries above the first table header. A text without such entries gets it as its first line. */
export function appendTopTomlEntry(text: string, last: TextRange | undefined, entry: string): Splice {
  const lineBreak = lineBreakOf(text)
  if (last === undefined) return insertSplice(0, entry + lineBreak + (text === '' ? '' : lineBreak))
  return insertSplice(lineEnd(text, last.end), lineBreak + indentOf(text, last.start) + entry)
}

/** Removes the line of an entry, with the line break that `appendTomlEntry` or `appendTopTomlEntry` put there. */
export function removeTomlEntryLine(text: string, entry: TomlEntry): Splice {
  const start = lineStart(text, entry.range.start)
  const end = lineEnd(text, entry.range.end)
  if (start > 0) return cutRange(start - lineBreakBefore(text, start), end)
  const behind = end + lineBreakAfter(text, end)
  return cutRange(0, behind + lineBreakAfter(text, behind))
}

function isEmptyLine(text: string, offset: number): boolean {
  return lineBreakAfter(text, offset) > 0 && (offset === 0 || lineBreakBefore(text, offset) > 0)
}
