import {
  measureLineBreakAfter,
  measureLineBreakBefore,
  createCutSplice,
  readLineIndent,
  createInsertSplice,
  detectLineBreak,
  findLineEnd,
  findLineStart,
  type TextRange,
  type Splice,
} from '../splice.js'
import { findTomlBlockEnd, type TomlBlock, type TomlEntry } from './toml-document.js'

/** Adds a block at the end, behind an empty line. A text without a final line break stays without one. */
export function appendTomlBlock(text: string, block: string): Splice {
  const lineBreak = detectLineBreak(text)
  if (text === '') return createInsertSplice(0, block + lineBreak)
  if (text.endsWith('\n')) return createInsertSplice(text.length, lineBreak + block + lineBreak)
  return createInsertSplice(text.length, lineBreak + lineBreak + block)
}

/** Removes a block with its comments and the empty line that `appendTomlBlock` put before it. */
export function removeTomlTable(text: string, block: TomlBlock): Splice {
  const start = findLineStart(text, block.range.start)
  const end = findLineEnd(text, findTomlBlockEnd(block))
  const own = measureLineBreakAfter(text, end)
  const first = measureLineBreakBefore(text, start)
  if (own > 0) return createCutSplice(isEmptyLine(text, start - first) ? start - first : start, end + own)
  return createCutSplice(start - first - measureLineBreakBefore(text, start - first), end)
}

export function overwriteTomlBlock(text: string, old: TomlBlock, block: string): Splice {
  const indent = readLineIndent(text, old.range.start)
  return {
    start: old.range.start,
    end: findTomlBlockEnd(old),
    text: block.replaceAll('\n', `\n${indent}`),
  }
}

/** Adds a line below the last entry of a table, or below its header. */
export function appendTomlEntry(text: string, block: TomlBlock, entry: string): Splice {
  const last = block.entries.at(-1) ?? block
  return createInsertSplice(
    findLineEnd(text, last.range.end),
    detectLineBreak(text) + readLineIndent(text, last.range.start) + entry,
  )
}

/** Adds a line to the entries above the first table header. A text without such entries gets it as its first line. */
export function appendTopTomlEntry(text: string, last: TextRange | undefined, entry: string): Splice {
  const lineBreak = detectLineBreak(text)
  if (last === undefined) return createInsertSplice(0, entry + lineBreak + (text === '' ? '' : lineBreak))
  return createInsertSplice(findLineEnd(text, last.end), lineBreak + readLineIndent(text, last.start) + entry)
}

/** Removes the line of an entry, with the line break that `appendTomlEntry` or `appendTopTomlEntry` put there. */
export function removeTomlEntryLine(text: string, entry: TomlEntry): Splice {
  const start = findLineStart(text, entry.range.start)
  const end = findLineEnd(text, entry.range.end)
  if (start > 0) return createCutSplice(start - measureLineBreakBefore(text, start), end)
  const behind = end + measureLineBreakAfter(text, end)
  return createCutSplice(0, behind + measureLineBreakAfter(text, behind))
}

function isEmptyLine(text: string, offset: number): boolean {
  return measureLineBreakAfter(text, offset) > 0 && (offset === 0 || measureLineBreakBefore(text, offset) > 0)
}
