import {
  breakAfter,
  breakBefore,
  cutText,
  indentOf,
  insertAt,
  lineBreakOf,
  lineEnd,
  lineStart,
  type TextRange,
  type Splice,
} from '../splice.js'
import { endOfBlock, type TomlBlock, type TomlEntry } from './toml-document.js'

/** Adds a block at the end, behind an empty line. A text without a final line break stays without one. */
export function appendBlock(text: string, block: string): Splice {
  const lineBreak = lineBreakOf(text)
  if (text === '') return insertAt(0, block + lineBreak)
  if (text.endsWith('\n')) return insertAt(text.length, lineBreak + block + lineBreak)
  return insertAt(text.length, lineBreak + lineBreak + block)
}

/** Removes a block with its comments and the empty line that `appendBlock` put before it. */
export function cutTable(text: string, block: TomlBlock): Splice {
  const start = lineStart(text, block.range.start)
  const end = lineEnd(text, endOfBlock(block))
  const own = breakAfter(text, end)
  const first = breakBefore(text, start)
  if (own > 0) return cutText(isEmptyLine(text, start - first) ? start - first : start, end + own)
  return cutText(start - first - breakBefore(text, start - first), end)
}

export function overwriteBlock(text: string, old: TomlBlock, block: string): Splice {
  const indent = indentOf(text, old.range.start)
  return {
    start: old.range.start,
    end: endOfBlock(old),
    text: block.replaceAll('\n', `\n${indent}`),
  }
}

/** Adds a line below the last entry of a table, or below its header. */
export function appendEntry(text: string, block: TomlBlock, entry: string): Splice {
  const last = block.entries.at(-1) ?? block
  return insertAt(lineEnd(text, last.range.end), lineBreakOf(text) + indentOf(text, last.range.start) + entry)
}

/** Adds a line to the entries above the first table header. A text without such entries gets it as its first line. */
export function appendTopEntry(text: string, last: TextRange | undefined, entry: string): Splice {
  const lineBreak = lineBreakOf(text)
  if (last === undefined) return insertAt(0, entry + lineBreak + (text === '' ? '' : lineBreak))
  return insertAt(lineEnd(text, last.end), lineBreak + indentOf(text, last.start) + entry)
}

/** Removes the line of an entry, with the line break that `appendEntry` or `appendTopEntry` put there. */
export function cutLine(text: string, entry: TomlEntry): Splice {
  const start = lineStart(text, entry.range.start)
  const end = lineEnd(text, entry.range.end)
  if (start > 0) return cutText(start - breakBefore(text, start), end)
  const behind = end + breakAfter(text, end)
  return cutText(0, behind + breakAfter(text, behind))
}

/** Whether the line break at an offset ends an empty line. */
function isEmptyLine(text: string, offset: number): boolean {
  return breakAfter(text, offset) > 0 && (offset === 0 || breakBefore(text, offset) > 0)
}
