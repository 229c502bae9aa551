import type { AST } from 'toml-eslint-parser'
import {
  breakAfter,
  breakBefore,
  cut,
  indentOf,
  insert,
  lineBreakOf,
  lineEnd,
  lineStart,
  type Splice,
} from './splice.js'
import type { TomlBlock } from './toml-document.js'

/** Adds a block at the end, behind one empty line; a text without a last line break stays without one. */
export function appendBlock(text: string, block: string): Splice {
  const lineBreak = lineBreakOf(text)
  if (text === '') return insert(0, block + lineBreak)
  if (text.endsWith('\n')) return insert(text.length, lineBreak + block + lineBreak)
  return insert(text.length, lineBreak + lineBreak + block)
}

/** Removes a block with its comments and the empty line that `appendBlock` put in front of it. */
export function removeBlock(text: string, { node }: TomlBlock): Splice {
  const start = lineStart(text, node.range[0])
  const end = lineEnd(text, lastEnd(node))
  const own = breakAfter(text, end)
  const first = breakBefore(text, start)
  if (own > 0) return cut(isEmptyLine(text, start - first) ? start - first : start, end + own)
  return cut(start - first - breakBefore(text, start - first), end)
}

/** Writes another block in the place of one. */
export function replaceBlock(text: string, { node }: TomlBlock, block: string): Splice {
  const indent = indentOf(text, node.range[0])
  return {
    start: node.range[0],
    end: lastEnd(node),
    text: block.replaceAll('\n', `\n${indent}`),
  }
}

/** Adds a line below the last entry of a table, or below its header. */
export function appendEntry(text: string, table: AST.TOMLTable, entry: string): Splice {
  const last = table.body.at(-1) ?? table
  return insert(lineEnd(text, lastEnd(table)), lineBreakOf(text) + indentOf(text, last.range[0]) + entry)
}

/** Adds a line to the entries that stand above all headers; as the first line of the text when there are none. */
export function appendTopEntry(text: string, entries: readonly AST.TOMLKeyValue[], entry: string): Splice {
  const last = entries.at(-1)
  const lineBreak = lineBreakOf(text)
  if (last === undefined) return insert(0, entry + lineBreak + (text === '' ? '' : lineBreak))
  return insert(lineEnd(text, last.range[1]), lineBreak + indentOf(text, last.range[0]) + entry)
}

/** Removes the line of an entry, with the break that `appendEntry` or `appendTopEntry` put there. */
export function removeEntry(text: string, entry: AST.TOMLKeyValue): Splice {
  const start = lineStart(text, entry.range[0])
  const end = lineEnd(text, entry.range[1])
  if (start > 0) return cut(start - breakBefore(text, start), end)
  const behind = end + breakAfter(text, end)
  return cut(0, behind + breakAfter(text, behind))
}

/** Where the last entry of a block ends, or its header. */
function lastEnd(table: AST.TOMLTable): number {
  return table.body.at(-1)?.range[1] ?? table.range[1]
}

/** Whether a line break at an offset ends an empty line. */
function isEmptyLine(text: string, offset: number): boolean {
  return breakAfter(text, offset) > 0 && (offset === 0 || breakBefore(text, offset) > 0)
}
